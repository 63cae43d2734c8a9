# ---------------------------------------------------------------------------------------------------------------------
# Key
# ---------------------------------------------------------------------------------------------------------------------

variable "key_arn" {
  description = "ARN of a key that exists already, whose policy allows what `policy_json` says; null creates a key."
  type        = string
  default     = null

  validation {
    condition     = var.key_arn == null ? true : try(split(":", var.key_arn)[3], "") == var.location.region
    error_message = "The key is in another region than the stack: queues, tables and logs can only be under a key of their own region."
  }
}

variable "alias" {
  description = "Name of the created key, after `alias/`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9/_-]{1,250}$", var.alias)) && !startswith(var.alias, "aws/")
    error_message = "alias is 1 to 250 letters, digits and / _ -, and doesn't start with `aws/` (AWS's own keys)."
  }
}

variable "deletion_window_days" {
  description = "Days between a destroy and the end of the created key, in which it can be had back."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30 && floor(var.deletion_window_days) == var.deletion_window_days
    error_message = "deletion_window_days is a whole number from 7 to 30 (what KMS takes)."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Who uses it
# ---------------------------------------------------------------------------------------------------------------------

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

variable "event_bus_name" {
  description = "Bus that is under the key, and whose rules send to queues under it."
  type        = string
  nullable    = false
}

variable "queue_name_prefix" {
  description = "What the names of the queues start with that the rules send to."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.queue_name_prefix) > 0
    error_message = "queue_name_prefix is empty: EventBridge could use the key for every queue of the account."
  }
}

variable "log_group_name_prefixes" {
  description = "What the names of the log groups start with that are under the key."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.log_group_name_prefixes) > 0 && alltrue([for prefix in var.log_group_name_prefixes : length(prefix) > 0])
    error_message = "log_group_name_prefixes is empty, or one of them is: CloudWatch Logs could use the key for every log group of the account."
  }
}

variable "policy_statements" {
  description = "Further statements of the created key's policy. What they are about is the key."
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
    condition     = alltrue([for s in var.policy_statements : contains(["Allow", "Deny"], s.effect) && alltrue([for a in s.actions : startswith(a, "kms:")])])
    error_message = "policy_statements: effect is Allow or Deny, and actions are KMS's (kms:…)."
  }
}

variable "alarms_notify" {
  description = "Whether a topic that CloudWatch's alarms tell is under the key."
  type        = bool
  default     = false
  nullable    = false
}
