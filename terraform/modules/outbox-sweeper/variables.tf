# ---------------------------------------------------------------------------------------------------------------------
# Naming
# ---------------------------------------------------------------------------------------------------------------------

variable "name" {
  description = "Name of the function, of its role and of the schedule. The bus's policy names the role too, before it exists."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9-]{1,55}$", var.name))
    error_message = "The sweeper's name is 1 to 55 letters, digits and hyphens (`-schedule` is added); shorten name_prefix."
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
# Function
# ---------------------------------------------------------------------------------------------------------------------

variable "table_name" {
  description = "Outbox table."
  type        = string
  nullable    = false
}

variable "event_bus_name" {
  description = "Bus that the events are put on."
  type        = string
  nullable    = false
}

variable "event_source" {
  description = "`source` of the events, in CloudEvents and on the bus."
  type        = string
  nullable    = false
}

variable "threshold_seconds" {
  description = "Seconds that an event which was published again has until it is due once more; doubled each time."
  type        = number
  nullable    = false
}

variable "sweep_limit" {
  description = "Most events of one sweep."
  type        = number
  nullable    = false
}

variable "artifacts_dir" {
  description = "Folder that holds <app>/<app>.zip."
  type        = string
  nullable    = false
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
# Schedule
# ---------------------------------------------------------------------------------------------------------------------

variable "event_targets" {
  description = "Targets of the rules, to be there before the schedule is."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.event_targets) > 0
    error_message = "event_targets is empty: the sweeper would publish before anybody listens."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Encryption
# ---------------------------------------------------------------------------------------------------------------------

variable "encryption_key" {
  description = "Customer managed key of the schedule's input, its dead-letter queue, the function's variables and its log group; null leaves them to a key that AWS owns."
  type        = object({ arn = string })
  default     = null
}
