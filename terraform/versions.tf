terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

# No endpoints and no profile here: credentials, region and AWS_ENDPOINT_URL come from the environment,
# so the same configuration serves every account and the local cloud.
provider "aws" {
  region              = var.region
  allowed_account_ids = var.allowed_account_ids

  default_tags {
    tags = merge(var.tags, {
      Application = var.name_prefix
      Environment = var.environment
      ManagedBy   = "terraform"
    })
  }
}
