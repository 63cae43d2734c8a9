# ---------------------------------------------------------------------------------------------------------------------
# Naming
# ---------------------------------------------------------------------------------------------------------------------

variable "name" {
  description = "Prefix of every name: <name>-outbox, <name>-events, <name>-outbox-pipe …"
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.name)) && length(var.name) <= 32
    error_message = "name is 2 to 32 lower-case letters, digits and hyphens, starts with a letter and doesn't end with a hyphen."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Events
# ---------------------------------------------------------------------------------------------------------------------

variable "event_source" {
  description = "`source` of the outbox's events, in CloudEvents and on the bus. One outbox has one, and no other outbox on the bus has the same."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]{1,256}$", var.event_source)) && !startswith(var.event_source, "aws.")
    error_message = "event_source is 1 to 256 letters, digits and . _ / -, and doesn't start with `aws.` (reserved)."
  }
}

variable "event_bus" {
  description = "Name or ARN of a bus that exists, in this account and region; null makes one. Its policy stays its owner's: add the output `bus_policy_statement` to it. A name is known before the bus is there, an ARN may not be: prefer the name."
  type        = string
  default     = null

  validation {
    condition     = var.event_bus == null ? true : can(regex("^(arn:[a-z-]+:events:[a-z0-9-]+:[0-9]{12}:event-bus/)?[A-Za-z0-9._/-]{1,256}$", var.event_bus))
    error_message = "event_bus is the name of a bus or its ARN (arn:aws:events:<region>:<account>:event-bus/<name>)."
  }
}

variable "bus_policy_statements" {
  description = "Further statements of the policy of the bus that is made here, such as a partner's account that may put events of its own source. What they are about is the bus; a subscriber in another account needs none (examples/other-account)."
  type = list(object({
    sid        = string
    effect     = optional(string, "Allow")
    principals = map(list(string))
    actions    = list(string)
    conditions = optional(map(map(list(string))), {})
  }))
  default  = []
  nullable = false

  validation {
    condition     = length(var.bus_policy_statements) == 0 || var.event_bus == null
    error_message = "bus_policy_statements are for the bus that is made here: the policy of event_bus is its owner's, who adds them there."
  }

  validation {
    condition     = alltrue([for s in var.bus_policy_statements : s.sid != "OnlyPublishersPutThisSource"]) && length(distinct(var.bus_policy_statements[*].sid)) == length(var.bus_policy_statements)
    error_message = "bus_policy_statements: each has a sid of its own, other than OnlyPublishersPutThisSource."
  }

  validation {
    condition     = alltrue([for s in var.bus_policy_statements : contains(["Allow", "Deny"], s.effect) && alltrue([for a in s.actions : startswith(a, "events:")])])
    error_message = "bus_policy_statements: effect is Allow or Deny, and actions are EventBridge's (events:…)."
  }
}

variable "event_targets" {
  description = "The consumers' outputs `event_target_id`: pipe and sweeper are made after them and destroyed before them, so that no event is lost to a consumer. [] says that every consumer is in another configuration: then a replay makes up for what each has missed."
  type        = list(string)
  nullable    = false
}

variable "settings" {
  description = <<-EOT
    How long things take, and how much at a time:
    - threshold_seconds: after its commit at which an event that is still unpublished is due to be published again
    - retention_days: how long an event stays in the outbox once it is published
    - archive, archive_retention_days: whether events can be replayed, and how long
    - schedule: whether the sweeper runs every minute; without it an event that the pipe loses stays unpublished until somebody runs `outboxctl sweep`
    - sweep_start: events that a sweep, one a minute, publishes again as long as it doesn't know whether they come off the bus; while they do, each may publish twice as many as the one before
    - sweep_concurrency: most invocations at a time that work a backlog of thousands, of the account's concurrency; the more, the sooner it is gone
    - acknowledger_concurrency: most invocations of the acknowledger at a time, see maximum_concurrency of modules/event-handler
    - acknowledger_batching_window_seconds: longest wait of an acknowledgement for others, 0 to 20: it saves requests and invocations where events come one by one, and adds to how late an event counts as published; the sweeper's patience (threshold_seconds) goes on meanwhile
  EOT
  type = object({
    threshold_seconds        = optional(number, 60)
    retention_days           = optional(number, 7)
    archive                  = optional(bool, true)
    archive_retention_days   = optional(number, 30)
    schedule                 = optional(bool, true)
    sweep_start              = optional(number, 500)
    sweep_concurrency        = optional(number, 10)
    acknowledger_concurrency = optional(number, 5)

    acknowledger_batching_window_seconds = optional(number, 0)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.settings.threshold_seconds >= 10 && var.settings.threshold_seconds <= 3600 && floor(var.settings.threshold_seconds) == var.settings.threshold_seconds
    error_message = "settings.threshold_seconds is a whole number from 10 to 3600: below, events would be published twice for no reason."
  }

  validation {
    condition     = var.settings.retention_days >= 2 && floor(var.settings.retention_days) == var.settings.retention_days
    error_message = "settings.retention_days is a whole number from 2: clients that retry over a night or a day of trouble still get the first answer."
  }

  validation {
    condition     = var.settings.archive_retention_days >= 1 && floor(var.settings.archive_retention_days) == var.settings.archive_retention_days
    error_message = "settings.archive_retention_days is a whole number from 1: consumers must remember an event for longer than it can be replayed, so it can't be kept for ever (0)."
  }

  validation {
    condition     = var.settings.sweep_start >= 10 && floor(var.settings.sweep_start) == var.settings.sweep_start
    error_message = "settings.sweep_start is a whole number from 10."
  }

  validation {
    condition     = var.settings.sweep_concurrency >= 1 && var.settings.sweep_concurrency <= 1000 && floor(var.settings.sweep_concurrency) == var.settings.sweep_concurrency
    error_message = "settings.sweep_concurrency is a whole number from 1 to 1000."
  }

  validation {
    condition     = var.settings.acknowledger_batching_window_seconds >= 0 && var.settings.acknowledger_batching_window_seconds <= 20 && var.settings.acknowledger_batching_window_seconds < var.settings.threshold_seconds / 2 && floor(var.settings.acknowledger_batching_window_seconds) == var.settings.acknowledger_batching_window_seconds
    error_message = "settings.acknowledger_batching_window_seconds is a whole number from 0 to 20, and less than half of threshold_seconds: what waits longer would be published again."
  }
}

variable "paused" {
  description = "What stands still: \"pipe\", \"sweeper\" (its schedule), or both. What is committed meanwhile is published afterwards: by the pipe for a day, which is as long as a stream keeps its records, and by the sweeper, the oldest first, if it took longer. For good a pause ends here, not by hand."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setsubtract(var.paused, ["pipe", "sweeper"])) == 0
    error_message = "paused names pipe, sweeper, or both; not ${join(", ", setsubtract(var.paused, ["pipe", "sweeper"]))}."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Table
# ---------------------------------------------------------------------------------------------------------------------

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
# Pipe
# ---------------------------------------------------------------------------------------------------------------------

variable "pipe_settings" {
  description = <<-EOT
    How the pipe runs:
    - log_level: what it logs, OFF | ERROR | INFO | TRACE; never the events themselves
    - parallelization_factor: batches of one shard at a time, 1 to 10; order per partition key is kept
    - batching_window_seconds: longest wait for a batch to fill
  EOT
  type = object({
    log_level               = optional(string, "ERROR")
    parallelization_factor  = optional(number, 1)
    batching_window_seconds = optional(number, 0)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["OFF", "ERROR", "INFO", "TRACE"], var.pipe_settings.log_level)
    error_message = "pipe_settings.log_level is one of OFF, ERROR, INFO, TRACE."
  }

  validation {
    condition     = var.pipe_settings.parallelization_factor >= 1 && var.pipe_settings.parallelization_factor <= 10 && floor(var.pipe_settings.parallelization_factor) == var.pipe_settings.parallelization_factor
    error_message = "pipe_settings.parallelization_factor is a whole number from 1 to 10."
  }

  validation {
    condition     = contains([0, 1], var.pipe_settings.batching_window_seconds)
    error_message = "pipe_settings.batching_window_seconds is 0 or 1: every event waits for it."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Functions
# ---------------------------------------------------------------------------------------------------------------------

variable "functions_dir" {
  description = "Folder that holds <app>/<app>.zip of outbox-relay, outbox-acknowledger and outbox-sweeper; a relative path starts where Terraform runs."
  type        = string
  nullable    = false
}

variable "function_settings" {
  description = "How the functions run, see modules/lambda-function; log_retention_days is the pipe's log's too, permissions_boundary and role_path are every role's. sweeper_metrics: whether the sweeper's metrics are written, which tell of what isn't published and cost the same at any load; left out, as metrics. The relay records no spans: the acknowledger does for it."
  type = object({
    runtime              = optional(string, "nodejs22.x")
    architecture         = optional(string, "arm64")
    log_level            = optional(string, "INFO")
    log_sample_rate      = optional(number, 1)
    log_retention_days   = optional(number, 30)
    metrics              = optional(bool, true)
    sweeper_metrics      = optional(bool)
    permissions_boundary = optional(string)
    role_path            = optional(string, "/")
    tracing              = optional(object({ endpoint = string, sample_percent = optional(number, 100) }))
  })
  default  = {}
  nullable = false
}

variable "reserved_concurrency" {
  description = "Most invocations at a time, taken out of the account's: outbox-relay, outbox-acknowledger or outbox-sweeper => how many. The others share the account's."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.reserved_concurrency), ["outbox-acknowledger", "outbox-relay", "outbox-sweeper"])) == 0
    error_message = "reserved_concurrency names what is no function of the outbox: ${join(", ", setsubtract(keys(var.reserved_concurrency), ["outbox-acknowledger", "outbox-relay", "outbox-sweeper"]))}."
  }
}

variable "gradual_shift" {
  description = "Functions that don't simply run their newest version: outbox-relay, outbox-acknowledger or outbox-sweeper => see modules/lambda-function."
  type        = map(object({ from_version = string, weight = number }))
  default     = {}
  nullable    = false
}

# ---------------------------------------------------------------------------------------------------------------------
# Encryption
# ---------------------------------------------------------------------------------------------------------------------

variable "encryption_key" {
  description = "Customer managed key of the table, the bus made here, the queues, the settings of functions, pipe and schedule, and the log groups; null leaves them to keys that AWS owns. An object even while the key's ARN isn't known."
  type        = object({ arn = string })
  default     = null
}
