# Two services, each with an outbox of its own, on a bus that somebody else made; and their consumers. There is no provider
# block in it, nor in the modules: the provider is whatever the configuration at the top has.

variable "functions_dir" {
  description = "Folder that holds <app>/<app>.zip."
  type        = string
  nullable    = false
}

locals {
  consumers = {
    delivery = { of = "parcels", policy = "once", on = { parcel = ["ParcelRegistered"] }, emits = true, secrets = { CARRIER_TOKEN = "arn:aws:ssm:eu-west-1:111122223333:parameter/carrier-token" } }
    audit    = { of = "billing", policy = "in-order", on = { invoice = [] }, emits = false, secrets = {} }
  }

  # By literal keys: module.outbox[each.value.of] would be the whole module, which waits for the consumers, and they for it.
  connections = {
    parcels = module.outbox["parcels"].connection
    billing = module.outbox["billing"].connection
  }
}

resource "aws_cloudwatch_event_bus" "shared" {
  name = "shared"
}

# A bus has one policy, so it is its owner's.
resource "aws_cloudwatch_event_bus_policy" "shared" {
  event_bus_name = aws_cloudwatch_event_bus.shared.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for name, outbox in module.outbox : merge(outbox.bus_policy_statement, { Sid = "OnlyOutboxOf${title(name)}" })
    ]
  })
}

module "outbox" {
  source   = "../../modules/outbox"
  for_each = toset(["parcels", "billing"])

  name         = each.key
  event_source = each.key
  event_bus    = aws_cloudwatch_event_bus.shared.name
  event_targets = [
    for name, consumer in module.consumer : consumer.event_target_id if local.consumers[name].of == each.key
  ]

  functions_dir = var.functions_dir
}

module "consumer" {
  source   = "../../modules/consumer"
  for_each = local.consumers

  name        = each.key
  name_prefix = each.value.of
  package     = "${var.functions_dir}/${each.key}/${each.key}.zip"

  outbox  = local.connections[each.value.of]
  policy  = each.value.policy
  on      = each.value.on
  emits   = each.value.emits
  secrets = each.value.secrets
}

output "outboxes" {
  description = "The two outboxes."
  value       = module.outbox
}

output "consumers" {
  description = "Their consumers."
  value       = module.consumer
}
