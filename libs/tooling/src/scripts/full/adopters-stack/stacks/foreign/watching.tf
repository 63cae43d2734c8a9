resource "aws_cloudwatch_log_metric_filter" "orders" {
  name           = "orders"
  log_group_name = aws_cloudwatch_log_group.function["worker"].name
  pattern        = "{ $.received.from = \"rule\" }"
  metric_transformation {
    name      = "Orders"
    namespace = "Foreign"
    value     = "1"
    unit      = "Count"
  }
}

resource "aws_cloudwatch_log_metric_filter" "totals" {
  name           = "totals"
  log_group_name = aws_cloudwatch_log_group.function["worker"].name
  pattern        = "{ $.received.total = * }"
  metric_transformation {
    name      = "Total"
    namespace = "Foreign"
    value     = "$.received.total"
  }
}

resource "aws_cloudwatch_metric_alarm" "average" {
  alarm_name          = "${local.name}-average"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = var.value == "one" ? 100 : 1000
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "average"
    expression  = "IF(orders > 0, total / orders, 0)"
    label       = "average total"
    return_data = true
  }
  metric_query {
    id = "orders"
    metric {
      namespace   = "Foreign"
      metric_name = "Orders"
      period      = 60
      stat        = "Sum"
    }
  }
  metric_query {
    id = "total"
    metric {
      namespace   = "Foreign"
      metric_name = "Total"
      period      = 60
      stat        = "Sum"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each            = local.functions
  alarm_name          = "${local.name}-${each.key}-errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "Errors"
  namespace           = "AWS/Lambda"
  period              = 60
  statistic           = "Sum"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  dimensions          = { FunctionName = aws_lambda_function.this[each.key].function_name }
}

resource "aws_cloudwatch_composite_alarm" "any" {
  alarm_name = "${local.name}-any"
  alarm_rule = join(" OR ", [for alarm in aws_cloudwatch_metric_alarm.errors : "ALARM(\"${alarm.alarm_name}\")"])
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = local.name
  dashboard_body = jsonencode({
    widgets = [{
      type   = "metric"
      x      = 0
      y      = 0
      width  = 12
      height = 6
      properties = {
        metrics = [["Foreign", "Orders"]]
        region  = "us-east-1"
        title   = "Orders ${var.value}"
      }
    }]
  })
}
