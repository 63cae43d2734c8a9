terraform {
  required_version = ">= 1.11"

  # Tested and applied with 5.100. Nothing is used that 6 removed or deprecated: a job of CI is to test it with 6, which never ran yet.
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}
