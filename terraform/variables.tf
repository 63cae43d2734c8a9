# ---------------------------------------------------------------------------------------------------------------------
# Deployment
# ---------------------------------------------------------------------------------------------------------------------

variable "region" {
  description = "Region to deploy to; null takes the environment's (AWS_REGION or the profile)."
  type        = string
  default     = null
}

variable "allowed_account_ids" {
  description = "Accounts that this may be applied to; null allows any. Set it, and the wrong credentials change nothing."
  type        = list(string)
  default     = null

  validation {
    condition     = var.allowed_account_ids == null ? true : length(var.allowed_account_ids) > 0 && alltrue([for id in var.allowed_account_ids : can(regex("^[0-9]{12}$", id))])
    error_message = "allowed_account_ids is null or a list of 12-digit account ids (in quotes: some start with 0)."
  }
}

variable "name_prefix" {
  description = "Start of every name. One stack per prefix and account, whatever the region: names of roles are the account's."
  type        = string
  default     = "outbox"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.name_prefix)) && length(var.name_prefix) <= 24
    error_message = "name_prefix is 2 to 24 lower-case letters, digits and hyphens, starts with a letter and doesn't end with a hyphen."
  }
}

variable "environment" {
  description = "Name of the environment, as a tag. One that starts with prod refuses an API open to all."
  type        = string
  default     = "default"
  nullable    = false
}

variable "tags" {
  description = "Further tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "artifacts_dir" {
  description = "Folder that `make build` puts <app>/<app>.zip into; a relative path starts in terraform/."
  type        = string
  default     = "../dist/apps"
  nullable    = false
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is one that CloudWatch Logs knows, such as 7, 14, 30, 90, 365."
  }
}

variable "log_level" {
  description = "Lowest level that functions log: DEBUG | INFO | WARN | ERROR."
  type        = string
  default     = "INFO"
  nullable    = false
}

variable "log_sample_rate" {
  description = "Share of traces whose lines below WARN are written, 0 to 1, such as 0.1: each function writes all such lines of a trace or none. WARN and ERROR are always written, and before an ERROR what the same invocation left out. Lower is cheaper (docs/reference/costs.md), and of the other traces' events that went well there are tables, metrics and spans only."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.log_sample_rate >= 0 && var.log_sample_rate <= 1
    error_message = "log_sample_rate is a share from 0 to 1, such as 0.1 for every tenth trace."
  }
}

variable "paused" {
  description = "What stands still until it is taken out again: \"pipe\", \"sweeper\" (its schedule), \"outbox\" (both), or consumers by name. Events and messages wait, messages for four days at most."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setsubtract(var.paused, concat(["outbox", "pipe", "sweeper"], keys(var.consumers)))) == 0
    error_message = "paused names what is neither outbox, pipe, sweeper nor a consumer: ${join(", ", setsubtract(var.paused, concat(["outbox", "pipe", "sweeper"], keys(var.consumers))))}."
  }
}

variable "permissions_boundary" {
  description = "ARN of the IAM policy that bounds every role; null: none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null ? true : can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/", var.permissions_boundary))
    error_message = "permissions_boundary is the ARN of an IAM policy, such as arn:aws:iam::111122223333:policy/boundary."
  }
}

variable "role_path" {
  description = "Where in IAM every role lies, such as /outbox/: for policies that let deployers make roles there only."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^/([!-.0-~]+/)*$", var.role_path)) && length(var.role_path) <= 512
    error_message = "role_path starts and ends with a slash, such as /outbox/."
  }
}

variable "reserved_concurrency" {
  description = "Most invocations at a time, taken out of the account's: orders-api, order-query, outbox-relay, outbox-acknowledger or outbox-sweeper => how many. Consumers have it in their entry. The others share the account's."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.reserved_concurrency), ["order-query", "orders-api", "outbox-acknowledger", "outbox-relay", "outbox-sweeper"])) == 0
    error_message = "reserved_concurrency names an app that is no function of this stack, or a consumer (say it in its entry of consumers): ${join(", ", setsubtract(keys(var.reserved_concurrency), ["order-query", "orders-api", "outbox-acknowledger", "outbox-relay", "outbox-sweeper"]))}."
  }
}

variable "gradual_shift" {
  description = <<-EOT
    Functions that don't simply run their newest version: app => the version that goes on, and the newest version's share
    of the invocations beside it. A new version is tried with { from_version = "7", weight = 0.1 }, a bad one taken back
    with weight = 0; without an entry the newest version gets everything. See docs/runbooks/deploy-and-rollback.md.
  EOT
  type = map(object({
    from_version = string
    weight       = number
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(keys(var.gradual_shift), concat(["order-query", "orders-api", "outbox-acknowledger", "outbox-relay", "outbox-sweeper"], keys(var.consumers)))) == 0
    error_message = "gradual_shift names an app that is no function of this stack: ${join(", ", setsubtract(keys(var.gradual_shift), concat(["order-query", "orders-api", "outbox-acknowledger", "outbox-relay", "outbox-sweeper"], keys(var.consumers))))}."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Encryption
# ---------------------------------------------------------------------------------------------------------------------

variable "encryption_key" {
  description = <<-EOT
    Customer managed KMS key of data at rest: tables, queues, bus, log groups, settings of functions, pipe and schedule; not of the archive.
    - null: keys that AWS owns (queues: SSE-SQS); nothing to pay, nothing to manage
    - create: a key of the stack's own, with the policy it needs, rotated every year
    - the ARN of a key that exists: its policy has to allow what the output encryption_key_policy says
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.encryption_key == null ? true : !strcontains(var.encryption_key, "alias/aws/")
    error_message = "encryption_key can't be a key that AWS manages (alias/aws/…): its policy lets no other service use it, so EventBridge could send to no queue and to no dead-letter queue, and events would be lost in silence. Leave it null, or use `create`."
  }

  validation {
    condition     = var.encryption_key == null ? true : strcontains(var.encryption_key, "alias/aws/") || var.encryption_key == "create" || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.encryption_key))
    error_message = "encryption_key is null, `create`, or a key's ARN (arn:aws:kms:<region>:<account>:key/<id>); not an alias: CloudWatch Logs takes none."
  }
}

variable "key_policy_statements" {
  description = "Further statements of the policy of the key that `create` makes, such as who may administer it. What they are about is the key."
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
    condition     = length(var.key_policy_statements) == 0 || var.encryption_key == "create"
    error_message = "key_policy_statements are for the key that encryption_key = \"create\" makes: the policy of a key that exists is its owner's."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Tables: the outbox, orders, and the consumers'
# ---------------------------------------------------------------------------------------------------------------------

variable "point_in_time_recovery" {
  description = "Continuous backups of every table."
  type        = bool
  default     = true
  nullable    = false
}

variable "recovery_period_days" {
  description = "How many days back these go, 1 to 35; null: 35."
  type        = number
  default     = null
}

variable "table_limits" {
  description = "Most request units a second of each table and each of its indexes: max_read_units, max_write_units. What is above is throttled, so a loop can't cost more than that; left out, the account's quota is the limit. -1 takes a limit away again: apply it once, then leave it out, as each plan sets it anew until then."
  type = object({
    max_read_units  = optional(number)
    max_write_units = optional(number)
  })
  default  = {}
  nullable = false
}

variable "deletion_protection" {
  description = "Refuse to delete tables; switch it off (apply) before a destroy."
  type        = bool
  default     = false
  nullable    = false
}

variable "outbox_threshold_seconds" {
  description = "Seconds after its commit at which an event that is still unpublished is due to be published again."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.outbox_threshold_seconds >= 10 && var.outbox_threshold_seconds <= 3600 && floor(var.outbox_threshold_seconds) == var.outbox_threshold_seconds
    error_message = "outbox_threshold_seconds is a whole number from 10 to 3600: below, events would be published twice for no reason."
  }
}

variable "outbox_retention_days" {
  description = "Days that an event stays in the outbox once it is published. A repeated request is answered as the first time for so long, then 409."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.outbox_retention_days >= 2 && floor(var.outbox_retention_days) == var.outbox_retention_days
    error_message = "outbox_retention_days is a whole number from 2: clients that retry over a night or a day of trouble still get the first answer."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Event bus
# ---------------------------------------------------------------------------------------------------------------------

variable "bus_policy_statements" {
  description = "Further statements of the bus's policy, such as a partner's account that may put events of its own source. See modules/outbox."
  type = list(object({
    sid        = string
    effect     = optional(string, "Allow")
    principals = map(list(string))
    actions    = list(string)
    conditions = optional(map(map(list(string))), {})
  }))
  default  = []
  nullable = false
}

variable "archive" {
  description = "Whether there is an archive to replay events from; every plan says what is missed without it."
  type        = bool
  default     = true
  nullable    = false
}

variable "archive_retention_days" {
  description = "Days that events can be replayed."
  type        = number
  default     = 30
  nullable    = false
}

# ---------------------------------------------------------------------------------------------------------------------
# Consumers
# ---------------------------------------------------------------------------------------------------------------------

variable "consumers" {
  description = <<-EOT
    Who listens: name => how. The name is the app's folder under apps/, and the suffix of all it owns.
    - policy: once (each event once, in any order) | in-order (an aggregate's events one after the other) | latest (newer ones win)
    - on: aggregate type => event types; no types are all of the aggregate's. in-order and latest name one aggregate type and no event types
    - emits: whether it commits further events to the outbox
    - indexes: further indexes of its table
    - park_budget_seconds, in_order_start, max_attempts: see settings of modules/consumer
    - maximum_concurrency: most invocations at a time, 2 to 1000. A backlog or a replay takes no more, which leaves the API its share of the account's concurrency; what a cap means for throughput: see queue_settings of modules/event-handler
    - policy_statements, environment, secrets: what it may do and is told beyond its queue, its table and the outbox
  EOT
  type = map(object({
    policy              = string
    on                  = map(set(string))
    emits               = optional(bool, false)
    indexes             = optional(map(object({ hash_key = string, range_key = string })), {})
    park_budget_seconds = optional(number, 3600)
    in_order_start      = optional(string, "beginning")
    max_attempts        = optional(number, 20)
    environment         = optional(map(string), {})
    secrets             = optional(map(string), {})
    policy_statements = optional(list(object({
      sid        = string
      actions    = list(string)
      resources  = list(string)
      conditions = optional(map(map(list(string))), {})
    })), [])
    memory_size             = optional(number, 256)
    timeout_seconds         = optional(number, 30)
    batch_size              = optional(number, 10)
    batching_window_seconds = optional(number, 0)
    maximum_concurrency     = optional(number, 5)
    reserved_concurrency    = optional(number)
  }))
  default = {
    fulfilment     = { policy = "once", on = { order = ["OrderCreated"], shipment = ["ShipmentCancellationRequested"] }, emits = true }
    notifications  = { policy = "in-order", on = { order = [] } }
    order-view     = { policy = "latest", on = { order = [] }, indexes = { byCustomer = { hash_key = "customerId", range_key = "placedAt" } } }
    order-progress = { policy = "once", on = { order = ["OrderUpdated"], shipment = ["ShipmentBooked", "ShipmentRefused"] }, emits = true }
  }
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.consumers) : !startswith(name, "outbox-") && !contains(["orders", "orders-api", "order-query"], name)])
    error_message = "A consumer can't be called orders, orders-api, order-query or outbox-…: those names are taken by the stack itself."
  }

  validation {
    condition     = alltrue([for name, consumer in var.consumers : alltrue([for aggregate in keys(consumer.on) : contains(keys(local.contract.aggregates), aggregate)])])
    error_message = "consumers: `on` names an aggregate type that libs/orders/events/contract.json doesn't have; it has ${join(", ", keys(local.contract.aggregates))}."
  }

  validation {
    condition = alltrue(flatten([
      for consumer in values(var.consumers) : [
        for aggregate, types in consumer.on : length(setsubtract(coalesce(types, []), keys(lookup(local.contract.aggregates, aggregate, {})))) == 0
      ]
    ]))
    error_message = "consumers: libs/orders/events/contract.json has no ${join(", ", flatten([
      for name, consumer in var.consumers : [
        for aggregate, types in consumer.on : [
          for type in setsubtract(coalesce(types, []), keys(lookup(local.contract.aggregates, aggregate, {}))) : "event ${type} of ${aggregate} (consumer ${name})"
        ]
      ]
    ]))}."
  }

  validation {
    condition     = !contains(keys(var.consumers), "order-view") || can(var.consumers["order-view"].indexes["byCustomer"])
    error_message = "order-query reads order-view's index byCustomer: keep the index, or remove order-view; order-query goes with it."
  }
}

variable "carrier_url" {
  description = "Where fulfilment books shipments; null: it only records what it would have booked."
  type        = string
  default     = null

  validation {
    condition     = var.carrier_url == null ? true : can(regex("^(https://[^/ ]+|http://(127\\.0\\.0\\.1|localhost)(:[0-9]+)?)(/[^ ]*)?$", var.carrier_url))
    error_message = "carrier_url is an https URL, or an http one of this machine (http://127.0.0.1:PORT): customers' data isn't sent in the clear."
  }
}

variable "mail_url" {
  description = "Where notifications sends mails; null: it only records what it would have sent."
  type        = string
  default     = null

  validation {
    condition     = var.mail_url == null ? true : can(regex("^(https://[^/ ]+|http://(127\\.0\\.0\\.1|localhost)(:[0-9]+)?)(/[^ ]*)?$", var.mail_url))
    error_message = "mail_url is an https URL, or an http one of this machine (http://127.0.0.1:PORT): customers' data isn't sent in the clear."
  }
}

variable "inbox_retention_days" {
  description = "Days that consumers remember what they have done, so that they do nothing twice."
  type        = number
  default     = 45
  nullable    = false

  validation {
    condition     = var.inbox_retention_days > var.outbox_retention_days + max(var.archive_retention_days, 14) && floor(var.inbox_retention_days) == var.inbox_retention_days
    error_message = "inbox_retention_days is a whole number above outbox_retention_days + archive_retention_days, and above outbox_retention_days + 14 (the DLQs' retention): an event may be published again for as long as the outbox has it, and that copy be replayed or redriven; a consumer that has forgotten it by then does it a second time."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Pipe
# ---------------------------------------------------------------------------------------------------------------------

variable "pipe_log_level" {
  description = "What the pipe logs: OFF | ERROR | INFO | TRACE. Never the events themselves."
  type        = string
  default     = "ERROR"
  nullable    = false
}

variable "pipe_parallelization_factor" {
  description = "Batches of one stream shard that the pipe runs at a time, 1 to 10."
  type        = number
  default     = 1
  nullable    = false
}

variable "pipe_batching_window_seconds" {
  description = "Longest wait of the pipe for a batch to fill: 0 or 1 second."
  type        = number
  default     = 0
  nullable    = false
}

# ---------------------------------------------------------------------------------------------------------------------
# Acknowledger and sweeper
# ---------------------------------------------------------------------------------------------------------------------

variable "acknowledger_concurrency" {
  description = "Most invocations of the acknowledger at a time, 2 to 1000: as maximum_concurrency of a consumer."
  type        = number
  default     = 5
  nullable    = false
}

variable "acknowledger_batching_window_seconds" {
  description = "Longest wait of an acknowledgement for others, 0 to 20 seconds: cheaper where events come one by one, and so much later an event counts as published."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.acknowledger_batching_window_seconds < var.alarm_thresholds.publish_lag_seconds
    error_message = "acknowledger_batching_window_seconds is less than alarm_thresholds.publish_lag_seconds: every event may count as published so much later, and the alarm of the publish lag would stay on."
  }
}

variable "sweeper_schedule" {
  description = "Whether the sweeper runs every minute; every plan says what is missed without it."
  type        = bool
  default     = true
  nullable    = false
}

variable "sweep_start" {
  description = "Events that a sweep, one a minute, publishes again as long as it doesn't know whether they come off the bus; while they do, each may publish twice as many as the one before."
  type        = number
  default     = 500
  nullable    = false

  validation {
    condition     = var.sweep_start >= 10 && floor(var.sweep_start) == var.sweep_start
    error_message = "sweep_start is a whole number from 10."
  }
}

variable "sweep_concurrency" {
  description = "Most invocations of the sweeper at a time that work a backlog of thousands, of the account's concurrency; the more, the sooner it is gone."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.sweep_concurrency >= 1 && var.sweep_concurrency <= 1000 && floor(var.sweep_concurrency) == var.sweep_concurrency
    error_message = "sweep_concurrency is a whole number from 1 to 1000."
  }
}
