terraform {
  required_version = ">= 1.11"

  # Tested with 5.100. Nothing is used that 6 removed or deprecated, but 6 itself is untested.
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}
