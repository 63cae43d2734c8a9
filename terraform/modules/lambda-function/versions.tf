terraform {
  required_version = ">= 1.11"

  # Tested and applied with 5.100. Nothing is used that 6 removed or deprecated: CI tests it with 6, it was never applied with it.
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}
