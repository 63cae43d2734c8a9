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
    condition     = alltrue([for function in values(var.functions) : alltrue([for route in function.routes : can(regex("^(GET|POST|PUT|PATCH|DELETE) /[A-Za-z0-9/_{}-]*$", route))])])
    error_message = "A route is a method and a path, such as \"GET /orders/{orderId}\"."
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
  description = "Requests per second over all callers, and how many may come at once; above it API Gateway answers 429."
  type = object({
    rate_limit  = number
    burst_limit = number
  })
  nullable = false

  validation {
    condition     = var.throttling.rate_limit > 0 && var.throttling.burst_limit > 0
    error_message = "throttling.rate_limit and throttling.burst_limit are above 0: 0 refuses every request."
  }
}

variable "log_retention_days" {
  description = "Days that access logs are kept."
  type        = number
  default     = 30
  nullable    = false
}
