# ---------------------------------------------------------------------------------------------------------------------
# Naming
# ---------------------------------------------------------------------------------------------------------------------

variable "name" {
  description = "Name of the handler: its folder under apps/, and the suffix of everything it owns."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.name)) && !endswith(var.name, "-dlq")
    error_message = "A handler's name is 2 to 24 lower-case letters, digits and hyphens, starts with a letter and doesn't end with `-dlq`."
  }
}

variable "name_prefix" {
  description = "Prefix of every name."
  type        = string
  nullable    = false
}

variable "description" {
  description = "What the function does, for the console."
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
# Queues
# ---------------------------------------------------------------------------------------------------------------------

variable "max_receive_count" {
  description = "Receives after which SQS itself moves a message to the DLQ: the back-stop for crashes, which tell no reason."
  type        = number
  default     = 10
  nullable    = false
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
  description = "Events that the handler gets: aggregate type => event types; no types are all of the aggregate's, no aggregates are all of the source's."
  type        = map(set(string))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for aggregate in keys(var.on) : can(regex("^[a-z][a-z0-9-]*$", aggregate))])
    error_message = "on: an aggregate type is lower-case letters, digits and hyphens, and starts with a letter."
  }

  validation {
    condition     = alltrue([for types in values(var.on) : types == null ? true : alltrue([for type in types : length(trimspace(type)) > 0])])
    error_message = "on: an event type is not empty."
  }
}

variable "replays" {
  description = "Whether events that are replayed from the archive come too."
  type        = bool
  default     = true
  nullable    = false
}

variable "earlier_targets" {
  description = "Targets of other rules that have to be there before this handler's."
  type        = list(string)
  default     = []
  nullable    = false
}

# ---------------------------------------------------------------------------------------------------------------------
# Function
# ---------------------------------------------------------------------------------------------------------------------

variable "policy_statements" {
  description = "What the function may do beyond polling its queue, dead-lettering and logging. See modules/lambda-function."
  type = list(object({
    sid        = string
    actions    = list(string)
    resources  = list(string)
    conditions = optional(map(map(list(string))), {})
  }))
  default  = []
  nullable = false
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

variable "environment" {
  description = "Environment variables of the function, beside DLQ_URL and the ones that every function gets."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "needs_queue_url" {
  description = "Whether the function gets its queue's URL as QUEUE_URL: to hide a message for longer, it has to name the queue."
  type        = bool
  default     = false
  nullable    = false
}

variable "batch_size" {
  description = "Most messages of one invocation."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.batch_size >= 1 && var.batch_size <= 10000 && floor(var.batch_size) == var.batch_size && (var.batch_size <= 10 || var.batching_window_seconds >= 1)
    error_message = "batch_size is a whole number from 1 to 10000; above 10 Lambda wants a batching_window_seconds of at least 1."
  }
}

variable "batching_window_seconds" {
  description = "Longest wait for a batch to fill, in seconds."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.batching_window_seconds >= 0 && var.batching_window_seconds <= 300 && floor(var.batching_window_seconds) == var.batching_window_seconds
    error_message = "batching_window_seconds is a whole number from 0 to 300."
  }
}

variable "maximum_concurrency" {
  description = "Most invocations of the queue at a time; null leaves it to Lambda."
  type        = number
  default     = null

  validation {
    condition     = var.maximum_concurrency == null ? true : var.maximum_concurrency >= 2 && var.maximum_concurrency <= 1000
    error_message = "maximum_concurrency is null or from 2 (AWS's least) to 1000."
  }
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
  description = "Customer managed key of the queues, the function's variables and its log group; null leaves them to a key that AWS owns."
  type        = object({ arn = string })
  default     = null
}

variable "key_actions" {
  description = "What the function needs of that key beside its queues. See modules/lambda-function."
  type        = map(list(string))
  default     = {}
  nullable    = false
}
