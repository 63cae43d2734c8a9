locals {
  # What most alarms have in common. No data is no trouble, but for those that say otherwise.
  defaults = { statistic = null, percentile = null, missing = "notBreaching" }

  full = var.profile == "full"

  # What waits for a person, whatever the reason: events that aren't published, taken or done.
  essential_alarms = toset(concat(
    ["oldest-unpublished", "failed-items", "sweeper-silent"],
    flatten([for name in keys(var.handlers) : ["${name}-dlq", "${name}-stalled"]]),
  ))
  # About sweeps that start by themselves.
  schedule_alarms = toset(["sweeper-silent", "sweeper-dlq"])
  # About an HTTP API, which not every service that has an outbox has.
  api_alarms = toset(["api-errors", "api-latency"])
  has_api    = length(var.functions.api) > 0

  # section: of the runbook
  alarms = {
    for key, alarm in merge({ for key, alarm in local.pipeline_alarms : key => merge({ section = key }, alarm) }, local.handler_alarms) :
    key => merge(local.defaults, alarm)
    if(local.full || contains(local.essential_alarms, key))
    && (var.sweeps || !contains(local.schedule_alarms, key))
    && (local.has_api || !contains(local.api_alarms, key))
  }

  # Names of what is made below, so that the composite's rule shows in full in the plan.
  alarm_names     = { for key in keys(local.alarms) : key => "${var.name_prefix}-${key}" }
  objective_names = [for name, handler in var.handlers : local.alarm_names["${name}-late"] if handler.consumer && local.full]

  # A composite takes a hundred alarms. With more, those of handlers are in composites of their own, and these in it.
  most_alarms = 100
  grouped     = length(local.alarm_names) + 2 > local.most_alarms # two composites are on the dashboard beside them
  groups = {
    for index, keys in chunklist([for key in keys(local.alarms) : key if local.grouped && !contains(keys(local.pipeline_alarms), key)], local.most_alarms) :
    "${var.name_prefix}-unhealthy-${index + 1}" => [for key in keys : local.alarm_names[key]]
  }
  unhealthy_names = concat(
    [for key, name in local.alarm_names : name if !local.grouped || contains(keys(local.pipeline_alarms), key)],
    keys(local.groups),
  )

  # Where a region's console is depends on the partition.
  console = lookup({ aws-cn = "console.amazonaws.cn", aws-us-gov = "console.amazonaws-us-gov.com" }, var.location.partition, "console.aws.amazon.com")

  topic_name = "${var.name_prefix}-alarms"
  topic_arn  = "arn:${var.location.partition}:sns:${var.location.region}:${var.location.account_id}:${local.topic_name}"
  topics     = concat(var.alarm_topic_arns, aws_sns_topic.this[*].arn)
}

# ---------------------------------------------------------------------------------------------------------------------
# Alarms
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = local.alarm_names[each.key]
  alarm_description = "${each.value.description} What to do: ${var.runbook}#${each.value.section}"

  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  extended_statistic  = each.value.percentile
  period              = each.value.period
  datapoints_to_alarm = each.value.datapoints[0]
  evaluation_periods  = each.value.datapoints[1]
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  treat_missing_data  = each.value.missing

  # AWS deletes no alarm that a composite names: so the composites are changed first, and then an alarm goes. Terraform
  # treats whatever an alarm depends on likewise, which fails where a name is taken: its dimensions are names, no more.
  lifecycle {
    create_before_destroy = true
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Health
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_composite_alarm" "group" {
  for_each = local.groups

  alarm_name        = each.key
  alarm_description = "Some consumer needs a person. What to do: ${var.runbook}"
  alarm_rule        = join(" OR ", [for name in each.value : "ALARM(\"${name}\")"])

  # AWS refuses a rule that names alarms which don't exist.
  depends_on = [aws_cloudwatch_metric_alarm.this]

  lifecycle {
    create_before_destroy = true # as the alarms
  }
}

# The one that calls people. The single alarms stay quiet: its reason names those that are in ALARM.
resource "aws_cloudwatch_composite_alarm" "unhealthy" {
  alarm_name        = "${var.name_prefix}-unhealthy"
  alarm_description = "Something about the outbox needs a person. What to do: ${var.runbook}"
  alarm_rule        = join(" OR ", [for name in local.unhealthy_names : "ALARM(\"${name}\")"])

  alarm_actions = local.topics
  ok_actions    = local.topics

  depends_on = [aws_cloudwatch_metric_alarm.this, aws_cloudwatch_composite_alarm.group]
}

resource "aws_cloudwatch_composite_alarm" "objective" {
  count = length(local.objective_names) > 0 ? 1 : 0

  alarm_name        = "${var.name_prefix}-objective-missed"
  alarm_description = "A consumer misses the objective: ${var.objective_percent} % of the events in time, hour by hour. What to do: ${var.runbook}#objective-missed"
  alarm_rule        = join(" OR ", [for name in local.objective_names : "ALARM(\"${name}\")"])

  alarm_actions = local.topics
  ok_actions    = local.topics

  depends_on = [aws_cloudwatch_metric_alarm.this]
}

# ---------------------------------------------------------------------------------------------------------------------
# Notifications
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_sns_topic" "this" {
  count = var.alarm_email == null ? 0 : 1

  name              = local.topic_name
  kms_master_key_id = var.kms_key_arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmsOfThisStack"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = local.topic_arn
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.location.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:${var.location.partition}:cloudwatch:${var.location.region}:${var.location.account_id}:alarm:${var.name_prefix}-*" }
      }
    }]
  })
}

# AWS sends the address a link; until it is followed nothing else comes.
resource "aws_sns_topic_subscription" "email" {
  count = var.alarm_email == null ? 0 : 1

  topic_arn = aws_sns_topic.this[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}
