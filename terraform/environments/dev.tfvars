name_prefix = "outbox-dev"
environment = "dev"

point_in_time_recovery = false
log_retention_days     = 14
log_level              = "DEBUG"
pipe_log_level         = "INFO"
