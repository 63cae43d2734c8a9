# Set allowed_account_ids to your production account: the wrong credentials then change nothing.
name_prefix = "outbox-prod"
environment = "prod"

point_in_time_recovery  = true
deletion_protection     = true
log_retention_days      = 90
require_idempotency_key = true
archive_retention_days  = 90
inbox_retention_days    = 120

api_throttling = { rate_limit = 1000, burst_limit = 500 }
