# ---------------------------------------------------------------------------------------------------------------------
# Naming
# ---------------------------------------------------------------------------------------------------------------------

variable "name_prefix" {
  description = "Prefix of every alarm, and name of the dashboard."
  type        = string
  nullable    = false
}

variable "location" {
  description = "Partition, region and account that the stack lives in, to build ARNs and names of services from."
  type = object({
    partition  = string
    region     = string
    account_id = string
    dns_suffix = string
  })
  nullable = false
}

# ---------------------------------------------------------------------------------------------------------------------
# What is watched
# ---------------------------------------------------------------------------------------------------------------------

variable "profile" {
  description = <<-EOT
    How much is watched:
    - full: an alarm for each thing that can go wrong, the service level objective, and a dashboard
    - essential: whether events are published, taken and done (three alarms, and two per handler) and no more
  EOT
  type        = string
  default     = "full"
  nullable    = false

  validation {
    condition     = contains(["full", "essential"], var.profile)
    error_message = "profile is full or essential; for nothing at all, leave the module out."
  }
}

variable "sweeps" {
  description = "Whether a schedule starts the sweeper, so that its silence is trouble."
  type        = bool
  default     = true
  nullable    = false
}

variable "metrics_namespace" {
  description = "CloudWatch namespace that the functions write their metrics to."
  type        = string
  default     = "Outbox"
  nullable    = false
}

variable "api_id" {
  description = "Id of the HTTP API; null where functions.api is empty."
  type        = string
  default     = null

  validation {
    condition     = length(var.functions.api) == 0 || var.api_id != null
    error_message = "api_id is the id of the HTTP API that the functions in functions.api are behind. A service without one has neither."
  }
}

variable "table_name" {
  description = "Outbox table."
  type        = string
  nullable    = false
}

variable "functions" {
  description = <<-EOT
    Names of the functions that are no consumers. `api` holds those behind the HTTP API by their service's name, each with
    the counters of its own that the dashboard shows; empty, there is neither an alarm nor a graph of an API.
  EOT
  type = object({
    api = optional(map(object({
      function_name = string
      counters      = optional(list(string), [])
    })), {})
    relay        = string
    acknowledger = string
    sweeper      = string
  })
  nullable = false
}

variable "pipe_name" {
  description = "Pipe from the table's stream to the bus."
  type        = string
  nullable    = false
}

variable "pipe_dlq_name" {
  description = "Dead-letter queue of the pipe."
  type        = string
  nullable    = false
}

variable "sweeper_dlq_name" {
  description = "Dead-letter queue of the sweeper's schedule."
  type        = string
  nullable    = false
}

variable "event_bus_name" {
  description = "Bus of the rules."
  type        = string
  nullable    = false
}

variable "handlers" {
  description = <<-EOT
    Whoever takes events from a queue, by the name of its app.
    - consumer: whether its effect counts for the objective; the acknowledger's doesn't, and its lag is the publish lag
  EOT
  type = map(object({
    function_name   = string
    timeout_seconds = number
    queue_name      = string
    dlq_name        = string
    rule_name       = string
    consumer        = optional(bool, true)
  }))
  nullable = false
}

# ---------------------------------------------------------------------------------------------------------------------
# Alarms
# ---------------------------------------------------------------------------------------------------------------------

variable "thresholds" {
  description = <<-EOT
    What an alarm takes for trouble; counts are per five minutes, consumer_failures per minute.
    - api_errors, api_latency_ms: 5xx answers; p99 of the latency
    - relay_lag_seconds, publish_lag_seconds: p99 from commit to relay, and to acknowledgement
    - oldest_unpublished_seconds: age of the oldest event that nobody has seen on the bus
    - pipe_failures: failed executions; a poison record alone makes six
    - consumer_lag_seconds: longest time from commit to effect, and longest wait in a queue
    - consumer_failures: failed attempts from an event's third on; an event that always fails makes four in its first minute
    - near_timeout_percent: share of a function's timeout that its longest run may take
  EOT
  type = object({
    api_errors                 = optional(number, 5)
    api_latency_ms             = optional(number, 3000)
    relay_lag_seconds          = optional(number, 30)
    publish_lag_seconds        = optional(number, 30)
    oldest_unpublished_seconds = optional(number, 300)
    pipe_failures              = optional(number, 3)
    consumer_lag_seconds       = optional(number, 300)
    consumer_failures          = optional(number, 2)
    near_timeout_percent       = optional(number, 80)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for threshold in values(var.thresholds) : threshold > 0])
    error_message = "Each of thresholds is above 0: an alarm at 0 is always on."
  }

  validation {
    condition     = var.thresholds.near_timeout_percent < 100
    error_message = "thresholds.near_timeout_percent is below 100: no function runs longer than its timeout."
  }
}

variable "objective_percent" {
  description = "Percentage of events that take effect in time, of every consumer and hour; what `in time` is, the functions are told."
  type        = number
  default     = 99.9
  nullable    = false

  validation {
    condition     = var.objective_percent >= 50 && var.objective_percent <= 100
    error_message = "objective_percent is from 50 to 100, such as 99.9."
  }
}

variable "runbook" {
  description = "Where people find what to do about an alarm; its anchor is added. Every alarm's description points there."
  type        = string
  default     = "docs/runbooks/alarms.md"
  nullable    = false
}

# ---------------------------------------------------------------------------------------------------------------------
# Notifications
# ---------------------------------------------------------------------------------------------------------------------

variable "alarm_topic_arns" {
  description = "SNS topics that are told when the stack gets unhealthy, misses its objective, and when it is well again."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.alarm_topic_arns : can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", arn))])
    error_message = "alarm_topic_arns are ARNs of SNS standard topics, such as arn:aws:sns:eu-west-1:111122223333:on-call."
  }

  validation {
    condition     = length(var.alarm_topic_arns) <= 4
    error_message = "alarm_topic_arns has at most 4 topics: an alarm takes five actions, and alarm_email may be one."
  }
}

variable "alarm_email" {
  description = "Address that is told the same by a topic of the stack's own; null for none. It has to confirm the subscription."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_email == null || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alarm_email))
    error_message = "alarm_email is an e-mail address, or null."
  }

  validation {
    condition     = var.alarm_email == null || var.kms_key_arn != null
    error_message = "alarm_email makes an encrypted topic: set kms_key_arn to a key whose policy lets cloudwatch.amazonaws.com use it (AWS's own alias/aws/sns doesn't), or make a topic yourself and set alarm_topic_arns."
  }
}

variable "kms_key_arn" {
  description = "Key of the topic for alarm_email."
  type        = string
  default     = null
}
