resource "aws_dynamodb_table" "this" {
  name                        = "modules-table"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  range_key                   = "title"
  table_class                 = "STANDARD"
  deletion_protection_enabled = false
  stream_enabled              = true
  stream_view_type            = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "id"
    type = "N"
  }
  attribute {
    name = "title"
    type = "S"
  }
  attribute {
    name = "age"
    type = "N"
  }

  global_secondary_index {
    name               = "TitleIndex"
    hash_key           = "title"
    range_key          = "age"
    projection_type    = "INCLUDE"
    non_key_attributes = ["id"]
  }

  ttl {
    enabled        = var.value == "two"
    attribute_name = var.value == "two" ? "expires" : ""
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.shared.arn
  }

  tags = local.tags
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  alarm_name          = "modules-throttled"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 6
  metric_name         = "ThrottledRequests"
  namespace           = "AWS/DynamoDB"
  period              = 60
  statistic           = "Sum"
  threshold           = 0
  alarm_actions       = [aws_sns_topic.default.arn]
  dimensions          = { TableName = aws_dynamodb_table.this.name }
  tags                = local.tags
}
