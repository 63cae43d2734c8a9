# ---------------------------------------------------------------------------------------------------------------------
# Naming
# ---------------------------------------------------------------------------------------------------------------------

variable "name" {
  description = "Name of the consumer: what its app calls itself, and the suffix of everything it owns."
  type        = string
  nullable    = false
}

variable "name_prefix" {
  description = "Prefix of every name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.name_prefix)) && length(var.name_prefix) <= 32
    error_message = "name_prefix is 2 to 32 lower-case letters, digits and hyphens, starts with a letter and doesn't end with a hyphen."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Events
# ---------------------------------------------------------------------------------------------------------------------

variable "outbox" {
  description = "Outbox whose events these are: the output `connection` of modules/outbox, or the same values where the outbox is in another configuration. `writer_…` is for consumers that emit. `reader_…` is for in-order consumers, which ask the outbox whether an event that they wait for was published; without it (a consumer in another account, say) they give up on it after park_budget_seconds."
  type = object({
    event_bus_name     = string
    event_bus_arn      = optional(string)
    event_source       = string
    writer_environment = optional(map(string), {})
    writer_policy_statements = optional(list(object({
      sid        = string
      actions    = list(string)
      resources  = list(string)
      conditions = optional(map(map(list(string))), {})
    })), [])
    reader_environment = optional(map(string), {})
    reader_policy_statements = optional(list(object({
      sid        = string
      actions    = list(string)
      resources  = list(string)
      conditions = optional(map(map(list(string))), {})
    })), [])
  })
  nullable = false

  validation {
    condition     = (length(var.outbox.reader_environment) > 0) == (length(var.outbox.reader_policy_statements) > 0)
    error_message = "outbox.reader_environment and outbox.reader_policy_statements come together: a consumer that is told of a table must be allowed to read it. Pass the output `connection` of modules/outbox."
  }
}

variable "policy" {
  description = "How the consumer treats duplicates and order: once | in-order | latest. The app refuses to start under another one than it implements."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["once", "in-order", "latest"], var.policy)
    error_message = "policy is one of once, in-order, latest."
  }
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
    error_message = "A consumer with the policy ${var.policy} names one aggregate type in `on` and no event types, such as { parcel = [] }: it needs every event of an aggregate to tell which are missing or late."
  }
}

variable "emits" {
  description = "Whether the consumer commits further events to the outbox."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.emits || length(var.outbox.writer_policy_statements) > 0 && length(var.outbox.writer_environment) > 0
    error_message = "A consumer that emits needs outbox.writer_policy_statements and outbox.writer_environment: pass the output `connection` of modules/outbox."
  }
}

variable "settings" {
  description = <<-EOT
    How the consumer treats its events:
    - max_attempts: failed attempts at an event after which it goes to the DLQ, with the reason and the last error
    - inbox_retention_days: how long the consumer remembers what it has done, so that it does nothing twice
    - lag_objective_seconds: from an event's commit, within which its effect is on time: what the metric OnTime counts
    - park_budget_seconds: in-order only; how long a message waits for its predecessor, once that is published and this consumer missed it, before it goes to the DLQ with reason `gap`
    - in_order_start: in-order only; an aggregate first seen at a sequence above 1 waits for its first event; after the park budget it goes to the DLQ (beginning) or starts there (first-seen, for a consumer of another service's outbox: an earlier event after that goes to the DLQ)
  EOT
  type = object({
    max_attempts          = optional(number, 20)
    inbox_retention_days  = optional(number, 45)
    lag_objective_seconds = optional(number, 60)
    park_budget_seconds   = optional(number, 3600)
    in_order_start        = optional(string, "beginning")
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.settings.max_attempts >= 1 && var.settings.max_attempts <= 100 && floor(var.settings.max_attempts) == var.settings.max_attempts
    error_message = "settings.max_attempts is a whole number from 1 to 100."
  }

  validation {
    condition     = var.settings.lag_objective_seconds >= 1 && floor(var.settings.lag_objective_seconds) == var.settings.lag_objective_seconds
    error_message = "settings.lag_objective_seconds is a whole number from 1."
  }

  validation {
    condition     = var.settings.park_budget_seconds >= 60 && var.settings.park_budget_seconds <= 86400 && floor(var.settings.park_budget_seconds) == var.settings.park_budget_seconds
    error_message = "settings.park_budget_seconds is a whole number from 60 to 86400 (a day; the queue keeps messages for four)."
  }

  validation {
    condition     = contains(["first-seen", "beginning"], var.settings.in_order_start)
    error_message = "settings.in_order_start is first-seen or beginning."
  }

  validation {
    condition     = var.settings.inbox_retention_days > 14 && floor(var.settings.inbox_retention_days) == var.settings.inbox_retention_days
    error_message = "settings.inbox_retention_days is a whole number above 14, the days that a DLQ keeps a message: one that is redriven after the consumer forgot it is done a second time. It exceeds the archive's retention, too."
  }
}

variable "queue_settings" {
  description = "How messages are received, see modules/event-handler."
  type = object({
    batch_size              = optional(number, 10)
    batching_window_seconds = optional(number, 0)
    maximum_concurrency     = optional(number, 5)
    paused                  = optional(bool, false)
  })
  default  = {}
  nullable = false
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

variable "table_settings" {
  description = <<-EOT
    How the table is kept:
    - point_in_time_recovery, recovery_period_days: continuous backups, and how many days back, 1 to 35 (left out: 35)
    - max_read_units, max_write_units: most request units a second of the table, and of each of its indexes; what is above is throttled; left out, the account's quota is the limit; -1 takes a limit away again: apply it once, then leave it out, as each plan sets it anew until then
    - deletion_protection: whether DynamoDB refuses to delete the table (switch it off, and apply, before a destroy)
  EOT
  type = object({
    point_in_time_recovery = optional(bool, true)
    recovery_period_days   = optional(number)
    max_read_units         = optional(number)
    max_write_units        = optional(number)
    deletion_protection    = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.table_settings.recovery_period_days == null ? true : var.table_settings.recovery_period_days >= 1 && var.table_settings.recovery_period_days <= 35 && floor(var.table_settings.recovery_period_days) == var.table_settings.recovery_period_days
    error_message = "table_settings.recovery_period_days is a whole number from 1 to 35."
  }

  validation {
    condition     = alltrue([for units in [var.table_settings.max_read_units, var.table_settings.max_write_units] : units == null ? true : (units >= 1 || units == -1) && floor(units) == units])
    error_message = "table_settings.max_read_units and max_write_units are whole numbers from 1; -1, which takes a limit away again; or left out."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Function
# ---------------------------------------------------------------------------------------------------------------------

variable "package" {
  description = "The consumer's zip; a relative path starts where Terraform runs."
  type        = string
  nullable    = false
}

variable "function_settings" {
  description = "How the function runs, see modules/lambda-function. The queue hides a message for six times timeout_seconds."
  type = object({
    runtime              = optional(string, "nodejs22.x")
    architecture         = optional(string, "arm64")
    memory_size          = optional(number, 256)
    timeout_seconds      = optional(number, 30)
    reserved_concurrency = optional(number)
    log_level            = optional(string, "INFO")
    log_sample_rate      = optional(number, 1)
    log_retention_days   = optional(number, 30)
    metrics              = optional(bool, true)
    permissions_boundary = optional(string)
    role_path            = optional(string, "/")
    gradual_shift        = optional(object({ from_version = string, weight = number }))
    tracing              = optional(object({ endpoint = string, sample_percent = optional(number, 100) }))
  })
  default  = {}
  nullable = false
}

variable "policy_statements" {
  description = "What the function may do beyond its queue, its table, the outbox and its secrets. See modules/lambda-function."
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

variable "secrets" {
  description = "Secrets that the function reads when it runs: NAME => ARN of a parameter (SSM) or a secret (Secrets Manager). It is told the ARN as NAME_ARN, and may read just these. One under a customer managed key needs kms:Decrypt in policy_statements, too."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.secrets) : can(regex("^[A-Z][A-Z0-9_]*$", name))])
    error_message = "secrets: a name is capitals, digits and underscores, such as CARRIER_TOKEN."
  }

  validation {
    condition     = alltrue([for arn in values(var.secrets) : can(regex("^arn:[a-z-]+:(ssm:[a-z0-9-]+:[0-9]{12}:parameter/[A-Za-z0-9_./-]+|secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+)$", arn))])
    error_message = "secrets: a value is the ARN of an SSM parameter (arn:aws:ssm:<region>:<account>:parameter/<name>) or of a Secrets Manager secret; never the secret itself."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Encryption
# ---------------------------------------------------------------------------------------------------------------------

variable "encryption_key" {
  description = "Customer managed key of the queues, the table, the function's variables and its log group; null leaves them to a key that AWS owns. An object even while the key's ARN isn't known."
  type        = object({ arn = string })
  default     = null
}
