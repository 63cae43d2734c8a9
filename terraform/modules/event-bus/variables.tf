# ---------------------------------------------------------------------------------------------------------------------
# Bus
# ---------------------------------------------------------------------------------------------------------------------

variable "name" {
  description = "Name of the bus."
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

variable "event_source" {
  description = "Source of the outbox's events: only the publishers may put it on the bus."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]{1,256}$", var.event_source)) && !startswith(var.event_source, "aws.")
    error_message = "event_source is 1 to 256 letters, digits and . _ / -, and doesn't start with `aws.` (reserved)."
  }
}

variable "publisher_role_arns" {
  description = "Roles that may put events of this source, built from names: the roles come later than the bus."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.publisher_role_arns) > 0
    error_message = "publisher_role_arns is empty: nobody could publish."
  }
}

variable "encryption_key" {
  description = "Customer managed key of the bus; null leaves it to a key that AWS owns. The archive always is under one of those."
  type        = object({ arn = string })
  default     = null
}

# ---------------------------------------------------------------------------------------------------------------------
# Archive
# ---------------------------------------------------------------------------------------------------------------------

variable "archive_name" {
  description = "Name of the archive."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.archive_name) >= 1 && length(var.archive_name) <= 48
    error_message = "An archive's name has at most 48 characters."
  }
}

variable "archive_retention_days" {
  description = "Days that events can be replayed."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.archive_retention_days >= 1 && floor(var.archive_retention_days) == var.archive_retention_days
    error_message = "archive_retention_days is a whole number from 1: consumers must remember an event for longer than it can be replayed, so it can't be kept for ever (0)."
  }
}
