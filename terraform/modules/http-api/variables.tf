# ---------------------------------------------------------------------------------------------------------------------
# API
# ---------------------------------------------------------------------------------------------------------------------

variable "name" {
  description = "Name of the API."
  type        = string
  nullable    = false
}

variable "description" {
  description = "What the API is for, for the console."
  type        = string
  default     = null
}

variable "cors" {
  description = "Browser applications that may call the API: their origins, the methods they may use, the headers they may send and read; null allows none."
  type = object({
    allow_origins     = set(string)
    allow_methods     = optional(set(string), ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"])
    allow_headers     = optional(set(string), ["authorization", "content-type"])
    expose_headers    = optional(set(string), [])
    allow_credentials = optional(bool, false)
    max_age_seconds   = optional(number, 300)
  })
  default = null

  validation {
    condition     = var.cors == null ? true : length(var.cors.allow_origins) > 0 && alltrue([for origin in var.cors.allow_origins : can(regex("^(\\*|https?://[^/ ]+)$", origin))])
    error_message = "cors.allow_origins are origins, such as \"https://app.example.com\" (no path), or \"*\"."
  }

  validation {
    condition     = var.cors == null ? true : !(var.cors.allow_credentials && contains(var.cors.allow_origins, "*"))
    error_message = "cors.allow_credentials needs origins by name: with \"*\" any page could act as its visitor."
  }

  validation {
    condition     = var.cors == null ? true : var.cors.max_age_seconds >= 0 && var.cors.max_age_seconds <= 86400
    error_message = "cors.max_age_seconds is from 0 to 86400, a day."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Authorization
# ---------------------------------------------------------------------------------------------------------------------

variable "authorization" {
  description = <<-EOT
    Who may call the API:
    - type: AWS_IAM (who signs and may execute-api:Invoke) | JWT (who brings a good token) | NONE (whoever knows the address)
    - issuer, audience: JWT only; who issues the tokens, and for whom (one of the audience is enough)
    - read_scopes, write_scopes: JWT only; a token needs one of them to GET and HEAD, and for everything else; empty asks for none
  EOT
  type = object({
    type         = string
    issuer       = optional(string)
    audience     = optional(list(string), [])
    read_scopes  = optional(list(string), [])
    write_scopes = optional(list(string), [])
  })
  nullable = false

  validation {
    condition     = contains(["NONE", "AWS_IAM", "JWT"], var.authorization.type)
    error_message = "authorization.type is NONE, AWS_IAM or JWT."
  }

  validation {
    condition     = var.authorization.type != "JWT" || can(regex("^(https://[^/ ]+|http://127\\.0\\.0\\.1(:[0-9]+)?)(/|$)", var.authorization.issuer))
    error_message = "JWT needs authorization.issuer: the https URL that tokens name as iss and that has /.well-known/openid-configuration."
  }

  validation {
    condition     = var.authorization.type != "JWT" || length(var.authorization.audience) > 0
    error_message = "JWT needs authorization.audience: without one any token of the issuer would do, whatever it was issued for."
  }

  validation {
    condition     = var.authorization.type == "JWT" || var.authorization.issuer == null && length(concat(var.authorization.audience, var.authorization.read_scopes, var.authorization.write_scopes)) == 0
    error_message = "issuer, audience and scopes belong to JWT: with another type they would protect nothing."
  }

  validation {
    condition     = length(var.authorization.read_scopes) <= 10 && length(var.authorization.write_scopes) <= 10
    error_message = "A route takes at most 10 scopes."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Routes
# ---------------------------------------------------------------------------------------------------------------------

variable "functions" {
  description = "Functions behind the API: the alias that is invoked, and the routes (\"METHOD /path\") that it answers."
  type = map(object({
    function_name = string
    alias_name    = string
    invoke_arn    = string
    routes        = set(string)
  }))
  nullable = false

  validation {
    condition     = alltrue([for function in values(var.functions) : alltrue([for route in function.routes : can(regex("^(GET|HEAD|POST|PUT|PATCH|DELETE) /[A-Za-z0-9/_{}-]*(\\{[A-Za-z0-9_-]+\\+\\})?$", route))])])
    error_message = "A route is a method and a path, such as \"GET /parcels/{parcelId}\"."
  }

  validation {
    condition     = length(distinct(flatten([for function in values(var.functions) : tolist(function.routes)]))) == length(flatten([for function in values(var.functions) : tolist(function.routes)]))
    error_message = "Two functions claim the same route."
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Stage
# ---------------------------------------------------------------------------------------------------------------------

variable "throttling" {
  description = "Requests per second over all callers, and how many may come at once; above it API Gateway answers 429. `routes` (\"METHOD /path\") gives single routes other limits."
  type = object({
    rate_limit  = number
    burst_limit = number
    routes      = optional(map(object({ rate_limit = number, burst_limit = number })), {})
  })
  nullable = false

  validation {
    condition     = alltrue([for limits in concat([var.throttling], values(var.throttling.routes)) : limits.rate_limit > 0 && limits.burst_limit > 0])
    error_message = "throttling's rate_limit and burst_limit are above 0: 0 refuses every request."
  }

  validation {
    condition     = alltrue([for route in keys(var.throttling.routes) : contains(flatten([for function in values(var.functions) : tolist(function.routes)]), route)])
    error_message = "throttling.routes has a route that no function answers."
  }
}

variable "log_retention_days" {
  description = "Days that access logs are kept."
  type        = number
  default     = 30
  nullable    = false
}

variable "encryption_key" {
  description = "Customer managed key of the access log; null leaves it to a key that AWS owns."
  type        = object({ arn = string })
  default     = null
}
