variable "name" {
  description = "Name of the queue."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,80}$", var.name))
    error_message = "A queue's name is 1 to 80 letters, digits, hyphens and underscores."
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

variable "source_queue_arns" {
  description = "Queues whose redrive policy may name this one; none: only services send to it."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "rule_arn" {
  description = "EventBridge rule that may leave here what it can't deliver; null: none. Roles (of pipes, schedules, functions) get that from their own policies."
  type        = string
  default     = null
}

variable "encryption_key" {
  description = "Customer managed key of the queue; null: SSE-SQS."
  type        = object({ arn = string })
  default     = null
}
