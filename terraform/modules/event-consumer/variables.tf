# ---------------------------------------------------------------------------------------------------------------------
# Naming
# ---------------------------------------------------------------------------------------------------------------------

variable "name" {
  description = "Name of the consumer: its folder under apps/, and the suffix of everything it owns."
  type        = string
  nullable    = false
}

variable "name_prefix" {
  description = "Prefix of every name."
  type        = string
  nullable    = false
}

variable "location" {
  description = "Partition, region and account that the stack lives in, to build ARNs from names."
  type = object({
    partition  = string
    region     = string
    account_id = string
  })
  nullable = false
}

# ---------------------------------------------------------------------------------------------------------------------
# Delivery
# ---------------------------------------------------------------------------------------------------------------------

variable "policy" {
  description = "How the consumer treats duplicates and order: once | in-order | latest. The app refuses to start under another one than it implements."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["once", "in-order", "latest"], var.policy)
    error_message = "policy is one of once, in-order, latest."
  }
}

variable "park_budget_seconds" {
  description = "in-order only: how long a message waits for its predecessors before it goes to the DLQ with reason `gap`."
  type        = number
  default     = 3600
  nullable    = false

  validation {
    condition     = var.park_budget_seconds >= 60 && var.park_budget_seconds <= 86400 && floor(var.park_budget_seconds) == var.park_budget_seconds
    error_message = "park_budget_seconds is a whole number from 60 to 86400 (a day; the queue keeps messages for four)."
  }
}

variable "in_order_start" {
  description = "in-order only: an aggregate first seen at a sequence above 1 waits for its first event; after the park budget it goes to the DLQ (beginning) or starts there (first-seen, for a consumer that joins late: an earlier event after that goes to the DLQ)."
  type        = string
  default     = "beginning"
  nullable    = false

  validation {
    condition     = contains(["first-seen", "beginning"], var.in_order_start)
    error_message = "in_order_start is first-seen or beginning."
  }
}

variable "max_attempts" {
  description = "Failed attempts at an event after which the consumer itself sends it to the DLQ, with the reason and the last error."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.max_attempts >= 1 && var.max_attempts <= 100 && floor(var.max_attempts) == var.max_attempts
    error_message = "max_attempts is a whole number from 1 to 100."
  }
}

variable "inbox_retention_days" {
  description = "Days that the consumer remembers what it has done, so that it does nothing twice."
  type        = number
  default     = 45
  nullable    = false
}

variable "lag_objective_seconds" {
  description = "Seconds from an event's commit within which its effect is on time: what the metric OnTime counts."
  type        = number
  nullable    = false

  validation {
    condition     = var.lag_objective_seconds >= 1 && floor(var.lag_objective_seconds) == var.lag_objective_seconds
    error_message = "lag_objective_seconds is a whole number from 1."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Rule
# ---------------------------------------------------------------------------------------------------------------------

variable "event_bus_name" {
  description = "Bus that the events come from."
  type        = string
  nullable    = false
}

variable "event_source" {
  description = "Source of the events."
  type        = string
  nullable    = false
}

variable "on" {
  description = "Events that the consumer gets: aggregate type => event types; no types are all of the aggregate's. in-order and latest name one aggregate type and no event types."
  type        = map(set(string))
  nullable    = false

  validation {
    condition     = length(var.on) > 0
    error_message = "on is empty: the consumer would get every event of the source, whatever it is about. Name an aggregate type."
  }

  validation {
    condition     = var.policy == "once" || length(var.on) == 1 && alltrue([for types in values(var.on) : length(coalesce(types, [])) == 0])
    error_message = "A consumer with the policy ${var.policy} names one aggregate type in `on` and no event types, such as { order = [] }: it needs every event of an aggregate to tell which are missing or late."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Outbox
# ---------------------------------------------------------------------------------------------------------------------

variable "outbox" {
  description = "Outbox that the consumer commits further events to; null: it emits none."
  type = object({
    table_name        = string
    threshold_seconds = number
  })
  default = null
}

# ---------------------------------------------------------------------------------------------------------------------
# Table
# ---------------------------------------------------------------------------------------------------------------------

variable "indexes" {
  description = "Global secondary indexes of the consumer's table: name => string keys, everything projected."
  type = map(object({
    hash_key  = string
    range_key = string
  }))
  default  = {}
  nullable = false
}

variable "point_in_time_recovery" {
  description = "Continuous backups of the last 35 days."
  type        = bool
  default     = true
  nullable    = false
}

variable "deletion_protection" {
  description = "Refuse to delete the table; switch it off (apply) before a destroy."
  type        = bool
  default     = false
  nullable    = false
}

# ---------------------------------------------------------------------------------------------------------------------
# Function
# ---------------------------------------------------------------------------------------------------------------------

variable "policy_statements" {
  description = "What the function may do beyond its queue, its table and the outbox. See modules/lambda-function."
  type = list(object({
    sid        = string
    actions    = list(string)
    resources  = list(string)
    conditions = optional(map(map(list(string))), {})
  }))
  default  = []
  nullable = false
}

variable "environment" {
  description = "Environment variables of the function beyond those of every consumer. Never secrets."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "artifacts_dir" {
  description = "Folder that holds <app>/<app>.zip."
  type        = string
  nullable    = false
}

variable "memory_size" {
  description = "Memory of the function in MB."
  type        = number
  default     = 256
  nullable    = false
}

variable "timeout_seconds" {
  description = "Longest run of one batch in seconds. The queue hides a message for six times as long."
  type        = number
  default     = 30
  nullable    = false
}

variable "batch_size" {
  description = "Most messages of one invocation."
  type        = number
  default     = 10
  nullable    = false
}

variable "batching_window_seconds" {
  description = "Longest wait for a batch to fill, in seconds."
  type        = number
  default     = 0
  nullable    = false
}

variable "maximum_concurrency" {
  description = "Most invocations of the queue at a time; null leaves it to Lambda."
  type        = number
  default     = null
}

variable "log_retention_days" {
  description = "Days that log events are kept."
  type        = number
  default     = 30
  nullable    = false
}

variable "log_level" {
  description = "Lowest level that the function logs."
  type        = string
  default     = "INFO"
  nullable    = false
}

variable "gradual_shift" {
  description = "The version that goes on, and the newest version's share of the invocations beside it. See modules/lambda-function."
  type = object({
    from_version = string
    weight       = number
  })
  default = null
}

# ---------------------------------------------------------------------------------------------------------------------
# Encryption
# ---------------------------------------------------------------------------------------------------------------------

variable "encryption_key" {
  description = "Customer managed key of the queues, the table, the function's variables and its log group; null leaves them to a key that AWS owns."
  type        = object({ arn = string })
  default     = null
}
