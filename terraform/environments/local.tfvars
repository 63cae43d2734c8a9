# The local cloud's own account: a plan with these values can't touch AWS.
allowed_account_ids = ["000000000000"]
environment         = "local"

# Listens on this machine only.
api_authorization = { type = "NONE" }

api_throttling = { rate_limit = 10000, burst_limit = 5000 }
