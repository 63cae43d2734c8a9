# ---------------------------------------------------------------------------------------------------------------------
# Observability
# ---------------------------------------------------------------------------------------------------------------------

variable "observability" {
  description = <<-EOT
    How much is watched. It is most of what an idle stack costs (docs/reference/costs.md).
    - full: an alarm for each thing that can go wrong, the service level objective, and a dashboard
    - essential: whether events are published, taken and done, and no more
    - none: nothing, not even the functions' own metrics, for a stack to try out; outboxctl lag then tells of queues only
  EOT
  type        = string
  default     = "full"
  nullable    = false

  validation {
    condition     = contains(["full", "essential", "none"], var.observability)
    error_message = "observability is full, essential or none."
  }

  validation {
    condition     = var.observability != "none" || !startswith(var.environment, "prod")
    error_message = "environment ${var.environment} takes no stack that nobody watches: set observability to full or essential."
  }
}

variable "custom_metrics" {
  description = <<-EOT
    Which functions write metrics of their own, each of which is billed by the hour (docs/reference/costs.md).
    - all: every function: three per consumer, seven of API, relay and acknowledger while events flow, five of the sweeper; alarms on lag and objective, outboxctl lag, capacity and cost read them
    - sweeper: the sweeper's alone, which tell of events that aren't published: all that observability = "essential" has alarms on. outboxctl lag then tells of queues and the outbox only, capacity and cost need --events-per-second
    - none: none, and outboxctl as with sweeper

    null: all, or none where observability is none.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.custom_metrics == null ? true : contains(["all", "sweeper", "none"], var.custom_metrics)
    error_message = "custom_metrics is all, sweeper, none, or null."
  }

  validation {
    condition     = var.observability == "none" || !contains(var.observability == "full" ? ["sweeper", "none"] : ["none"], coalesce(var.custom_metrics, "all"))
    error_message = "custom_metrics = ${coalesce(var.custom_metrics, "all")} leaves alarms of observability = ${var.observability} without the metrics they look at: full needs all, essential the sweeper's."
  }
}

variable "tracing" {
  description = <<-EOT
    Where functions send the spans of a request's way, by OTLP/HTTP in JSON; null: nowhere, nothing is recorded.
    - endpoint: the whole address, such as https://collector.example.com/v1/traces; X-Ray's is https://xray.REGION.amazonaws.com/v1/traces
    - sample_percent: of the traces that start here; of others the caller's traceparent decides
  EOT
  type        = object({ endpoint = string, sample_percent = optional(number, 100) })
  default     = null
}

variable "lag_objective" {
  description = "The service level objective: so many percent of the events take effect within so many seconds of their commit, of every consumer and hour."
  type = object({
    percent = optional(number, 99.9)
    seconds = optional(number, 60)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.lag_objective.seconds >= 1 && var.lag_objective.seconds <= 86400 && floor(var.lag_objective.seconds) == var.lag_objective.seconds
    error_message = "lag_objective.seconds is a whole number from 1 to 86400."
  }
}

variable "alarm_thresholds" {
  description = "What alarms take for trouble, see modules/observability. Left out, each has its default; oldest_unpublished_seconds is four minutes (four sweeps) more than outbox_threshold_seconds."
  type = object({
    api_errors                 = optional(number, 5)
    api_latency_ms             = optional(number, 3000)
    relay_lag_seconds          = optional(number, 30)
    publish_lag_seconds        = optional(number, 30)
    oldest_unpublished_seconds = optional(number)
    pipe_failures              = optional(number, 3)
    consumer_lag_seconds       = optional(number, 300)
    consumer_failures          = optional(number, 2)
    near_timeout_percent       = optional(number, 80)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.alarm_thresholds.oldest_unpublished_seconds == null ? true : var.alarm_thresholds.oldest_unpublished_seconds > var.outbox_threshold_seconds + 120
    error_message = "alarm_thresholds.oldest_unpublished_seconds exceeds outbox_threshold_seconds + 120 (two sweeps): younger events are still waiting for the sweeper as they should."
  }
}

variable "runbook" {
  description = "Where people find what to do about an alarm; set it to where you publish docs/runbooks/alarms.md."
  type        = string
  default     = "docs/runbooks/alarms.md"
  nullable    = false
}

variable "alarm_topic_arns" {
  description = "SNS topics that are told when the stack gets unhealthy, misses its objective, and when it is well again. An environment that starts with prod needs one, or alarm_email."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = !startswith(var.environment, "prod") || length(var.alarm_topic_arns) > 0 || var.alarm_email != null
    error_message = "environment ${var.environment} has alarms that tell nobody: set alarm_topic_arns to the SNS topics that call people, or alarm_email."
  }
}

variable "alarm_email" {
  description = "Address that is told the same by a topic of the stack's own; null for none. Needs encryption_key or alarm_kms_key_arn."
  type        = string
  default     = null
}

variable "alarm_kms_key_arn" {
  description = "Key of the topic for alarm_email, where encryption_key is not to be it; its policy lets cloudwatch.amazonaws.com use it (kms:Decrypt, kms:GenerateDataKey)."
  type        = string
  default     = null
}
