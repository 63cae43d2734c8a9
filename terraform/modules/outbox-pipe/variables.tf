# ---------------------------------------------------------------------------------------------------------------------
# Naming
# ---------------------------------------------------------------------------------------------------------------------

variable "name" {
  description = "Name of the pipe and of its role. The bus's policy names the role too, before it exists."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9-]{1,64}$", var.name))
    error_message = "A pipe's name is 1 to 64 letters, digits and hyphens; shorten name_prefix."
  }
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
# Logs
# ---------------------------------------------------------------------------------------------------------------------

variable "log_retention_days" {
  description = "Days that log events are kept."
  type        = number
  default     = 30
  nullable    = false
}

variable "log_level" {
  description = "What the pipe logs: OFF | ERROR | INFO | TRACE. Never the events themselves."
  type        = string
  default     = "ERROR"
  nullable    = false

  validation {
    condition     = contains(["OFF", "ERROR", "INFO", "TRACE"], var.log_level)
    error_message = "The pipe's log_level is one of OFF, ERROR, INFO, TRACE."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Pipe
# ---------------------------------------------------------------------------------------------------------------------

variable "stream_arn" {
  description = "Stream of the outbox table."
  type        = string
  nullable    = false
}

variable "relay_alias_arn" {
  description = "Alias of the function that turns stream records into events (the enrichment)."
  type        = string
  nullable    = false
}

variable "event_bus_arn" {
  description = "Bus that the events are put on."
  type        = string
  nullable    = false
}

variable "event_source" {
  description = "Source that the events carry."
  type        = string
  nullable    = false
}

variable "event_targets" {
  description = "Targets of the rules, to be there before the pipe is."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.event_targets) > 0
    error_message = "event_targets is empty: the pipe would publish before anybody listens."
  }
}

variable "parallelization_factor" {
  description = "Batches of one shard that run at a time. Order per partition key is kept."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.parallelization_factor >= 1 && var.parallelization_factor <= 10 && floor(var.parallelization_factor) == var.parallelization_factor
    error_message = "parallelization_factor is a whole number from 1 to 10."
  }
}

variable "batching_window_seconds" {
  description = "Longest wait for a batch to fill, in seconds."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = contains([0, 1], var.batching_window_seconds)
    error_message = "batching_window_seconds is 0 or 1: every event waits for it."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Encryption
# ---------------------------------------------------------------------------------------------------------------------

variable "encryption_key" {
  description = "Customer managed key of the pipe's settings, its dead-letter queue and its log group; null leaves them to a key that AWS owns."
  type        = object({ arn = string })
  default     = null
}
