variable "name" {
  description = "Name of the table."
  type        = string
  nullable    = false
}

variable "point_in_time_recovery" {
  description = "Continuous backups of the last 35 days."
  type        = bool
  default     = true
  nullable    = false
}

variable "deletion_protection" {
  description = "Refuse to delete the table; switch it off (apply) before a destroy."
  type        = bool
  default     = false
  nullable    = false
}

variable "encryption_key" {
  description = "Customer managed key of the table and its stream; null leaves them to a key that AWS owns."
  type        = object({ arn = string })
  default     = null
}
