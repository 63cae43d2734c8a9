terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {}

variable "value" {
  type    = string
  default = "one"
}

resource "aws_kms_key" "shop" {
  description             = "Secrets of the shop"
  deletion_window_in_days = 7
}

resource "aws_ssm_parameter" "url" {
  name            = "/shop/url"
  description     = "Where the carrier is"
  type            = "String"
  value           = "https://carrier.example/${var.value}"
  allowed_pattern = "^https://.*"
  tags            = { team = "shop" }
}

resource "aws_ssm_parameter" "hosts" {
  name  = "/shop/hosts"
  type  = "StringList"
  value = "a,b,${var.value}"
}

resource "aws_ssm_parameter" "token" {
  name  = "/shop/token"
  type  = "SecureString"
  value = "token-${var.value}"
}

resource "aws_ssm_parameter" "keyed" {
  name   = "/shop/keyed"
  type   = "SecureString"
  key_id = aws_kms_key.shop.arn
  value  = "keyed-${var.value}"
}

resource "aws_ssm_parameter" "large" {
  name  = "/shop/large"
  type  = "String"
  tier  = "Advanced"
  value = var.value
}


data "aws_ssm_parameter" "token" {
  name = aws_ssm_parameter.token.name
}

data "aws_ssm_parameters_by_path" "shop" {
  path       = "/shop"
  depends_on = [aws_ssm_parameter.url]
}

resource "aws_secretsmanager_secret" "db" {
  name                    = "shop/db"
  description             = "of the shop"
  kms_key_id              = aws_kms_key.shop.arn
  recovery_window_in_days = 0
  tags                    = { team = "shop" }
}

resource "aws_secretsmanager_secret_version" "db" {
  secret_id     = aws_secretsmanager_secret.db.id
  secret_string = jsonencode({ password = var.value })
}

resource "aws_secretsmanager_secret" "mail" {
  name_prefix = "shop-mail-"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = data.aws_caller_identity.me.account_id }, Action = "secretsmanager:GetSecretValue", Resource = "*" }]
  })
}

resource "aws_secretsmanager_secret_version" "mail" {
  secret_id      = aws_secretsmanager_secret.mail.id
  secret_binary  = base64encode("bytes-${var.value}")
  version_stages = ["AWSCURRENT", "mine"]
}

data "aws_caller_identity" "me" {}

resource "aws_secretsmanager_secret_policy" "db" {
  secret_arn = aws_secretsmanager_secret.db.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Me", Effect = "Allow", Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }, Action = "secretsmanager:GetSecretValue", Resource = "*" }]
  })
}

data "aws_secretsmanager_secret" "db" {
  name = aws_secretsmanager_secret.db.name
}

data "aws_secretsmanager_secret_version" "db" {
  secret_id  = data.aws_secretsmanager_secret.db.id
  depends_on = [aws_secretsmanager_secret_version.db]
}

data "aws_secretsmanager_secrets" "all" {
  filter {
    name   = "name"
    values = ["shop"]
  }
  depends_on = [aws_secretsmanager_secret.db]
}


resource "aws_cloudwatch_metric_alarm" "rate" {
  alarm_name          = "error-rate"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  threshold           = 5
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "rate"
    expression  = "IF(calls > 0, 100 * errors / calls, 0)"
    label       = "error rate ${var.value}"
    return_data = true
  }
  metric_query {
    id = "errors"
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      period      = 60
      stat        = "Sum"
      dimensions  = { FunctionName = "f" }
    }
  }
  metric_query {
    id = "calls"
    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Invocations"
      period      = 60
      stat        = "Sum"
      dimensions  = { FunctionName = "f" }
    }
  }
}

resource "aws_sns_topic" "events" {
  name = "shop-events"
}

resource "aws_sqs_queue" "created" {
  name = "shop-created"
}

resource "aws_sns_topic_subscription" "created" {
  topic_arn     = aws_sns_topic.events.arn
  protocol      = "sqs"
  endpoint      = aws_sqs_queue.created.arn
  filter_policy = jsonencode({ type = ["Created", var.value] })
}

resource "aws_sqs_queue" "large" {
  name = "shop-large"
}

resource "aws_sns_topic_subscription" "large" {
  topic_arn           = aws_sns_topic.events.arn
  protocol            = "sqs"
  endpoint            = aws_sqs_queue.large.arn
  filter_policy_scope = "MessageBody"
  filter_policy       = jsonencode({ detail = { total = [{ numeric = [">", 100] }] } })
}

output "read" {
  sensitive = true
  value = {
    token  = data.aws_ssm_parameter.token.value
    db     = data.aws_secretsmanager_secret_version.db.secret_string
    names  = data.aws_ssm_parameters_by_path.shop.names
    listed = data.aws_secretsmanager_secrets.all.names
  }
}
