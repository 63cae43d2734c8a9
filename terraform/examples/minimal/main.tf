# The least: an outbox round a table that a service has had all along. Nothing about the table changes; the function that
# writes to it commits its events to the outbox in the same transaction, and one consumer gets them.

variable "functions_dir" {
  description = "Folder that holds <app>/<app>.zip."
  type        = string
  nullable    = false
}

variable "writer_role_name" {
  description = "Role of the function that writes to the service's own table."
  type        = string
  nullable    = false
}

module "outbox" {
  source = "../../modules/outbox"

  name          = "parcels"
  event_source  = "parcels"
  event_targets = [module.audit.event_target_id]
  functions_dir = var.functions_dir
}

module "audit" {
  source = "../../modules/consumer"

  name        = "audit"
  name_prefix = "parcels"
  package     = "${var.functions_dir}/audit/audit.zip"

  outbox = module.outbox.connection
  policy = "once"
  on     = { parcel = [] }
}

# What the writer may do beyond what it may already. It is told of the outbox by the output below.
resource "aws_iam_role_policy" "commit_events" {
  name   = "commit-events"
  role   = var.writer_role_name
  policy = module.outbox.writer_policy_json
}

output "writer_environment" {
  description = "Environment variables for the writer's function."
  value       = module.outbox.writer_environment
}
