# Where the billing API takes changes; empty: nothing is sent.
variable "billing_url" { default = "" }

# The table that the service has always had. It gets nothing for the outbox's sake.
resource "aws_dynamodb_table" "subscriptions" {
  name         = "subscriptions"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

module "outbox" {
  source        = "./node_modules/transactional-outbox-aws/terraform/modules/outbox"
  name          = "subscriptions"
  event_source  = "subscriptions"
  functions_dir = "./node_modules/transactional-outbox-aws/functions"
  event_targets = [module.billing.event_target_id]
}

module "billing" {
  source      = "./node_modules/transactional-outbox-aws/terraform/modules/consumer"
  name        = "billing"
  name_prefix = "subscriptions"
  outbox      = module.outbox.connection
  policy      = "once"
  on          = { subscription = ["SubscriptionStarted", "SubscriptionCancelled"] }
  package     = "./dist/billing/billing.zip"
  environment = { BILLING_URL = var.billing_url }
}

# What outboxctl reads.
output "stack" {
  value = merge(module.outbox.stack, {
    aggregate_types      = ["subscription"]
    consumers            = { billing = module.billing.stack }
    inbox_retention_days = 45 # the modules' default; replay asks for it
  })
}

# What a program that commits has to be told, for a shell's eval.
output "writer_exports" {
  value = join("\n", [for name, value in module.outbox.writer_environment : "export ${name}=${value}"])
}
