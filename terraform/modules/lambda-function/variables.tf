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

variable "service" {
  description = "What the function is called in logs and metrics: the name of its app."
  type        = string
  nullable    = false
}

variable "description" {
  description = "What the function does, for the console."
  type        = string
  default     = null
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

variable "package" {
  description = "The function's zip; a relative path starts where Terraform runs."
  type        = string
  nullable    = false
}

variable "environment" {
  description = "Environment variables of the function, beside the ones that every function gets. Never secrets."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "settings" {
  description = <<-EOT
    How the function runs:
    - runtime, architecture: what it runs on; the zips hold no native code, so arm64, the cheaper one, does
    - memory_size: in MB, CPU grows with it
    - timeout_seconds: longest run of one invocation
    - reserved_concurrency: most invocations at a time, taken out of the account's; left out, it shares the account's
    - log_level, log_retention_days: lowest level that it logs (DEBUG | INFO | WARN | ERROR), and how long that is kept
    - log_sample_rate: of its lines below WARN, the share of traces whose lines are written, 0 to 1, chosen by the trace's id: of a trace each function writes all of them or none. WARN and ERROR are always written, and before an ERROR what the same invocation left out. Log lines are most of what a busy consumer logs; what went well can then be followed by samples, metrics and spans only
    - metrics: whether its own metrics (lag, sweeps …) are written; each is billed by the hour in which it is
    - permissions_boundary, role_path: ARN of the policy that bounds its role, and where in IAM the role lies
    - gradual_shift: the version that goes on, and the newest version's share of the invocations beside it, 0 (a rollback) to below 1; left out, the newest gets everything
    - tracing: where its spans are sent by OTLP/HTTP in JSON, and how many percent of the traces that start here; X-Ray's address brings the permission. Left out, nothing is recorded
  EOT
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

  validation {
    condition     = can(regex("^nodejs[0-9]+\\.x$", var.settings.runtime))
    error_message = "settings.runtime is a Node.js runtime, such as nodejs22.x."
  }

  validation {
    condition     = contains(["arm64", "x86_64"], var.settings.architecture)
    error_message = "settings.architecture is arm64 or x86_64."
  }

  validation {
    condition     = var.settings.memory_size >= 128 && var.settings.memory_size <= 10240 && floor(var.settings.memory_size) == var.settings.memory_size
    error_message = "settings.memory_size is a whole number of MB from 128 to 10240."
  }

  validation {
    condition     = var.settings.timeout_seconds >= 1 && var.settings.timeout_seconds <= 900 && floor(var.settings.timeout_seconds) == var.settings.timeout_seconds
    error_message = "settings.timeout_seconds is a whole number from 1 to 900."
  }

  validation {
    condition     = var.settings.permissions_boundary == null ? true : can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/", var.settings.permissions_boundary))
    error_message = "settings.permissions_boundary is the ARN of an IAM policy, such as arn:aws:iam::111122223333:policy/boundary."
  }

  validation {
    condition     = can(regex("^/([!-.0-~]+/)*$", var.settings.role_path)) && length(var.settings.role_path) <= 512
    error_message = "settings.role_path starts and ends with a slash, such as /outbox/."
  }

  validation {
    condition     = var.settings.reserved_concurrency == null ? true : var.settings.reserved_concurrency >= 0 && floor(var.settings.reserved_concurrency) == var.settings.reserved_concurrency
    error_message = "settings.reserved_concurrency is a whole number; 0 stops the function."
  }

  validation {
    condition     = var.settings.tracing == null ? true : can(regex("^(https://[^/ ]+|http://(127\\.0\\.0\\.1|localhost)(:[0-9]+)?)/[^ ]+$", var.settings.tracing.endpoint))
    error_message = "settings.tracing.endpoint is the whole address of a collector, by https or on this machine, such as https://collector.example.com/v1/traces."
  }

  validation {
    condition     = var.settings.tracing == null ? true : var.settings.tracing.sample_percent >= 0 && var.settings.tracing.sample_percent <= 100 && floor(var.settings.tracing.sample_percent) == var.settings.tracing.sample_percent
    error_message = "settings.tracing.sample_percent is a whole number from 0 to 100."
  }

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN", "ERROR"], var.settings.log_level)
    error_message = "settings.log_level is one of DEBUG, INFO, WARN, ERROR."
  }

  validation {
    condition     = var.settings.log_sample_rate >= 0 && var.settings.log_sample_rate <= 1
    error_message = "settings.log_sample_rate is a share from 0 to 1, such as 0.1 for every tenth trace."
  }

  validation {
    condition     = var.settings.gradual_shift == null ? true : can(regex("^[1-9][0-9]*$", var.settings.gradual_shift.from_version))
    error_message = "gradual_shift.from_version is the number of a published version, such as \"7\"."
  }

  validation {
    condition     = var.settings.gradual_shift == null ? true : var.settings.gradual_shift.weight >= 0 && var.settings.gradual_shift.weight < 1
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
