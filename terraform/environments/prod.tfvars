# Set allowed_account_ids to your production account: the wrong credentials then change nothing.
name_prefix = "outbox-prod"
environment = "prod"

point_in_time_recovery  = true
deletion_protection     = true
encryption_key          = "create"
log_retention_days      = 90
require_idempotency_key = true
archive_retention_days  = 90
inbox_retention_days    = 120

# For users of an identity provider instead:
# api_authorization = {
#   type         = "JWT"
#   issuer       = "https://issuer.example.com"
#   audience     = ["orders"]
#   write_scopes = ["orders:write"]
# }
api_authorization = { type = "AWS_IAM" }

# Lists cost the most reads, and can wait.
api_throttling = {
  rate_limit  = 1000
  burst_limit = 500
  routes      = { "GET /customers/{customerId}/orders" = { rate_limit = 200, burst_limit = 100 } }
}

# A plan is refused until there is somebody to call: alarm_topic_arns, the SNS topics that do so when the stack gets
# unhealthy or misses its objective, or alarm_email. Set runbook to where you publish docs/runbooks/alarms.md.
