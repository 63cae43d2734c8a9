# Everything on: a service behind an HTTP API, its outbox and a consumer, under one customer managed key, bounded, capped
# and watched. What a platform team asks for is written once, in `function_settings` and `table_settings`.

variable "functions_dir" {
  description = "Folder that holds <app>/<app>.zip."
  type        = string
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds every role."
  type        = string
  nullable    = false
}

variable "alarm_topic_arns" {
  description = "Topics that the alarms call people through."
  type        = list(string)
  nullable    = false
}

data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}
data "aws_region" "this" {}

locals {
  name = "parcels"
  location = {
    partition  = data.aws_partition.this.partition
    region     = data.aws_region.this.id
    account_id = data.aws_caller_identity.this.account_id
    dns_suffix = data.aws_partition.this.dns_suffix
  }
  encryption_key = { arn = module.encryption_key.key_arn }

  function_settings = {
    log_retention_days   = 90
    permissions_boundary = var.permissions_boundary
    role_path            = "/parcels/"
  }
  table_settings = {
    recovery_period_days = 14
    max_read_units       = 2000
    max_write_units      = 2000
    deletion_protection  = true
  }

  # By names that are known beforehand: what watches mustn't wait for what it looks at.
  watched = {
    function_name   = "${local.name}-audit"
    timeout_seconds = 30
    queue_name      = "${local.name}-audit"
    dlq_name        = "${local.name}-audit-dlq"
    rule_name       = "${local.name}-audit"
  }
}

module "encryption_key" {
  source = "../../modules/encryption-key"

  alias    = local.name
  location = local.location

  event_bus_name          = "${local.name}-events"
  queue_name_prefix       = "${local.name}-"
  log_group_name_prefixes = ["/aws/lambda/${local.name}-", "/aws/vendedlogs/apis/${local.name}", "/aws/vendedlogs/pipes/${local.name}-"]
}

module "outbox" {
  source = "../../modules/outbox"

  name          = local.name
  event_source  = local.name
  event_targets = [module.audit.event_target_id]
  functions_dir = var.functions_dir

  settings             = { threshold_seconds = 30, archive_retention_days = 40, sweep_concurrency = 20 }
  pipe_settings        = { parallelization_factor = 4, log_level = "INFO" }
  table_settings       = local.table_settings
  function_settings    = local.function_settings
  reserved_concurrency = { outbox-relay = 10 }
  encryption_key       = local.encryption_key

  # A partner may put events of its own source on the bus, too.
  bus_policy_statements = [{
    sid        = "PartnerPutsItsOwn"
    principals = { AWS = ["444455556666"] }
    actions    = ["events:PutEvents"]
    conditions = { "ForAllValues:StringEquals" = { "events:source" = ["partner"] } }
  }]
}

module "audit" {
  source = "../../modules/consumer"

  name        = "audit"
  name_prefix = local.name
  package     = "${var.functions_dir}/audit/audit.zip"

  outbox = module.outbox.connection
  policy = "in-order"
  on     = { parcel = [] }

  settings          = { inbox_retention_days = 60, park_budget_seconds = 7200 }
  queue_settings    = { maximum_concurrency = 20 }
  table_settings    = local.table_settings
  function_settings = merge(local.function_settings, { reserved_concurrency = 20 })
  encryption_key    = local.encryption_key
}

# The service itself. What it may do with its own table stands beside what the outbox wants.
module "api" {
  source = "../../modules/lambda-function"

  name        = "${local.name}-delivery"
  service     = "delivery"
  description = "Takes requests and commits each change with its events"
  location    = local.location
  package     = "${var.functions_dir}/delivery/delivery.zip"

  environment       = module.outbox.writer_environment
  policy_statements = module.outbox.writer_policy_statements
  settings          = local.function_settings
  encryption_key    = local.encryption_key
  key_actions       = { dynamodb = ["kms:Decrypt"] }
}

module "http_api" {
  source = "../../modules/http-api"

  name           = local.name
  authorization  = { type = "AWS_IAM" }
  throttling     = { rate_limit = 100, burst_limit = 200 }
  encryption_key = local.encryption_key

  functions = {
    delivery = {
      function_name = module.api.function_name
      alias_name    = module.api.alias_name
      invoke_arn    = module.api.alias_invoke_arn
      routes        = ["POST /parcels"]
    }
  }
}

module "observability" {
  source = "../../modules/observability"

  name_prefix = local.name
  location    = local.location

  api_id           = module.http_api.api_id
  table_name       = module.outbox.table_name
  pipe_name        = module.outbox.watched.pipe_name
  pipe_dlq_name    = module.outbox.watched.pipe_dlq_name
  sweeper_dlq_name = module.outbox.watched.sweeper_dlq_name
  event_bus_name   = module.outbox.watched.event_bus_name

  functions = {
    api          = { delivery = { function_name = module.api.name } }
    relay        = module.outbox.watched.relay
    acknowledger = module.outbox.watched.acknowledger.function_name
    sweeper      = module.outbox.watched.sweeper
  }
  handlers = {
    audit               = local.watched
    outbox-acknowledger = merge(module.outbox.watched.acknowledger, { consumer = false })
  }

  alarm_topic_arns = var.alarm_topic_arns
  kms_key_arn      = local.encryption_key.arn
}

output "api_endpoint" {
  description = "Where the service is."
  value       = module.http_api.api_endpoint
}

# `outboxctl` reads it.
output "stack" {
  description = "What outboxctl needs to know."
  value = merge(module.outbox.stack, {
    aggregate_types      = ["parcel"]
    consumers            = { audit = module.audit.stack }
    inbox_retention_days = 60
  })
}
