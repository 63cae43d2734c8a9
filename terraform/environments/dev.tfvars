name_prefix = "outbox-dev"
environment = "dev"

# Open to whoever knows the address, for trying out; every plan warns of it. prod refuses it.
api_authorization = { type = "NONE" }

# Small and cheap: nothing watches it, nothing is kept to replay; every plan says what is missed.
observability          = "none"
archive                = false
point_in_time_recovery = false
log_retention_days     = 14
log_level              = "DEBUG"
pipe_log_level         = "INFO"
