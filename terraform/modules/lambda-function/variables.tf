# ---------------------------------------------------------------------------------------------------------------------
# Naming
# ---------------------------------------------------------------------------------------------------------------------

variable "name" {
  description = "Full name of the function and of its role."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9-]{1,64}$", var.name))
    error_message = "A function's name is 1 to 64 letters, digits and hyphens; shorten name_prefix or the app's name."
  }
}

variable "app" {
  description = "Folder of the app under apps/: names the zip and the service in logs and metrics."
  type        = string
  nullable    = false
}

variable "description" {
  description = "What the function does, for the console."
  type        = string
  default     = null
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
  description = "Lowest level that the function logs."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level is one of DEBUG, INFO, WARN, ERROR."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Permissions
# ---------------------------------------------------------------------------------------------------------------------

variable "policy_statements" {
  description = "What the function may do beyond writing its own logs. Exact actions on exact ARNs."
  type = list(object({
    sid        = string
    actions    = list(string)
    resources  = list(string)
    conditions = optional(map(map(list(string))), {})
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for s in var.policy_statements : alltrue([for r in s.resources : startswith(r, "arn:")])])
    error_message = "Every resource of policy_statements is an ARN: a function gets no wildcard resource."
  }

  validation {
    condition     = alltrue([for s in var.policy_statements : alltrue([for a in s.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", a))])])
    error_message = "Every action of policy_statements is spelled out (service:Action), without wildcards."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Function
# ---------------------------------------------------------------------------------------------------------------------

variable "artifacts_dir" {
  description = "Folder that holds <app>/<app>.zip; a relative path starts where Terraform runs."
  type        = string
  nullable    = false
}

variable "architecture" {
  description = "Instruction set: arm64 is cheaper, the zips hold no native code."
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture is arm64 or x86_64."
  }
}

variable "memory_size" {
  description = "Memory in MB; CPU grows with it."
  type        = number
  default     = 256
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size is a whole number of MB from 128 to 10240."
  }
}

variable "timeout_seconds" {
  description = "Longest run of one invocation, in seconds."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 900 && floor(var.timeout_seconds) == var.timeout_seconds
    error_message = "timeout_seconds is a whole number from 1 to 900."
  }
}

variable "environment" {
  description = "Environment variables of the function, beside the ones that every function gets. Never secrets."
  type        = map(string)
  default     = {}
  nullable    = false
}

# ---------------------------------------------------------------------------------------------------------------------
# Alias
# ---------------------------------------------------------------------------------------------------------------------

variable "gradual_shift" {
  description = "The version that goes on, and the newest version's share of the invocations beside it, 0 (a rollback) to below 1. null gives the newest everything."
  type = object({
    from_version = string
    weight       = number
  })
  default = null

  validation {
    condition     = var.gradual_shift == null ? true : can(regex("^[1-9][0-9]*$", var.gradual_shift.from_version))
    error_message = "gradual_shift.from_version is the number of a published version, such as \"7\"."
  }

  validation {
    condition     = var.gradual_shift == null ? true : var.gradual_shift.weight >= 0 && var.gradual_shift.weight < 1
    error_message = "gradual_shift.weight is a share from 0 (a rollback) to below 1; for everything, leave the function out of gradual_shift."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Encryption
# ---------------------------------------------------------------------------------------------------------------------

variable "encryption_key" {
  description = "Customer managed key of the function's variables and log group; null leaves them to a key that AWS owns."
  type        = object({ arn = string })
  default     = null
}

variable "key_actions" {
  description = "What the function needs of that key to use data of other services: service as in kms:ViaService => actions."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue(flatten([for actions in values(var.key_actions) : [for action in actions : contains(["kms:Decrypt", "kms:GenerateDataKey"], action)]]))
    error_message = "key_actions are kms:Decrypt and kms:GenerateDataKey: queues and tables need no other."
  }
}
