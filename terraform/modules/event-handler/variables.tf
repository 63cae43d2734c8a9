# ---------------------------------------------------------------------------------------------------------------------
# Naming
# ---------------------------------------------------------------------------------------------------------------------

variable "name" {
  description = "Name of the handler: its folder under apps/, and the suffix of everything it owns."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,22}[a-z0-9]$", var.name)) && !endswith(var.name, "-dlq")
    error_message = "A handler's name is 2 to 24 lower-case letters, digits and hyphens, starts with a letter and doesn't end with `-dlq`."
  }
}

variable "name_prefix" {
  description = "Prefix of every name."
  type        = string
  nullable    = false
}

variable "description" {
  description = "What the function does, for the console."
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
# Queues
# ---------------------------------------------------------------------------------------------------------------------

variable "queue_settings" {
  description = <<-EOT
    How messages are received:
    - max_receive_count: receives after which SQS itself moves a message to the DLQ, the back-stop for crashes, which tell no reason
    - batch_size, batching_window_seconds: most messages of one invocation, and the longest wait for so many
    - maximum_concurrency: most invocations at a time, 2 (AWS's least) to 1000. All queues together leave the rest of the account's concurrency to the API, so that a backlog or a replay doesn't throttle it: with 5, four consumers and the acknowledger take 25, half of an account with 50. Batches fill under a backlog, so 5 at a time with 10 messages each do 500 messages a second if a batch takes 100 ms, 50 if it takes a second, 10 if every call takes 5. Raise it where that is too slow and the account has more
    - paused: whether messages wait in the queue, which keeps them for four days
  EOT
  type = object({
    max_receive_count       = optional(number, 10)
    batch_size              = optional(number, 10)
    batching_window_seconds = optional(number, 0)
    maximum_concurrency     = optional(number, 5)
    paused                  = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.queue_settings.batch_size >= 1 && var.queue_settings.batch_size <= 10000 && floor(var.queue_settings.batch_size) == var.queue_settings.batch_size && (var.queue_settings.batch_size <= 10 || var.queue_settings.batching_window_seconds >= 1)
    error_message = "queue_settings.batch_size is a whole number from 1 to 10000; above 10 Lambda wants a batching_window_seconds of at least 1."
  }

  validation {
    condition     = var.queue_settings.batching_window_seconds >= 0 && var.queue_settings.batching_window_seconds <= 300 && floor(var.queue_settings.batching_window_seconds) == var.queue_settings.batching_window_seconds
    error_message = "queue_settings.batching_window_seconds is a whole number from 0 to 300."
  }

  validation {
    condition     = var.queue_settings.maximum_concurrency >= 2 && var.queue_settings.maximum_concurrency <= 1000 && floor(var.queue_settings.maximum_concurrency) == var.queue_settings.maximum_concurrency
    error_message = "queue_settings.maximum_concurrency is a whole number from 2 (AWS's least) to 1000."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Rule
# ---------------------------------------------------------------------------------------------------------------------

variable "event_bus_name" {
  description = "Bus that the events come from."
  type        = string
  nullable    = false
}

variable "event_bus_arn" {
  description = "ARN of that bus as its resource tells it, so that the rule is replaced with a bus that is made anew; null where the bus is another configuration's."
  type        = string
  default     = null
}

variable "event_source" {
  description = "Source of the events."
  type        = string
  nullable    = false
}

variable "on" {
  description = "Events that the handler gets: aggregate type => event types; no types are all of the aggregate's, no aggregates are all of the source's."
  type        = map(set(string))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for aggregate in keys(var.on) : can(regex("^[a-z][a-z0-9-]*$", aggregate))])
    error_message = "on: an aggregate type is lower-case letters, digits and hyphens, and starts with a letter."
  }

  validation {
    condition     = alltrue([for types in values(var.on) : types == null ? true : alltrue([for type in types : length(trimspace(type)) > 0])])
    error_message = "on: an event type is not empty."
  }
}

variable "replays" {
  description = "Whether events that are replayed from the archive come too."
  type        = bool
  default     = true
  nullable    = false
}

variable "earlier_targets" {
  description = "Targets of other rules that have to be there before this handler's."
  type        = list(string)
  default     = []
  nullable    = false
}

# ---------------------------------------------------------------------------------------------------------------------
# Function
# ---------------------------------------------------------------------------------------------------------------------

variable "policy_statements" {
  description = "What the function may do beyond polling its queue, dead-lettering and logging. See modules/lambda-function."
  type = list(object({
    sid        = string
    actions    = list(string)
    resources  = list(string)
    conditions = optional(map(map(list(string))), {})
  }))
  default  = []
  nullable = false
}

variable "package" {
  description = "The function's zip; a relative path starts where Terraform runs."
  type        = string
  nullable    = false
}

variable "function_settings" {
  description = "How the function runs, see modules/lambda-function. The queue hides a message for six times timeout_seconds."
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
}

variable "environment" {
  description = "Environment variables of the function, beside DLQ_URL and the ones that every function gets."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "needs_queue_url" {
  description = "Whether the function gets its queue's URL as QUEUE_URL: to hide a message for longer, it has to name the queue."
  type        = bool
  default     = false
  nullable    = false
}

# ---------------------------------------------------------------------------------------------------------------------
# Encryption
# ---------------------------------------------------------------------------------------------------------------------

variable "encryption_key" {
  description = "Customer managed key of the queues, the function's variables and its log group; null leaves them to a key that AWS owns."
  type        = object({ arn = string })
  default     = null
}

variable "key_actions" {
  description = "What the function needs of that key beside its queues. See modules/lambda-function."
  type        = map(list(string))
  default     = {}
  nullable    = false
}
