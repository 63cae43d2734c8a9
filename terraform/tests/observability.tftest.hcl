mock_provider "aws" {
  source = "./tests/mocks"
}

# Its values are known in a plan, so that what is made of them can be looked at without an apply.
mock_provider "aws" {
  alias           = "known"
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name_prefix      = "outbox"
  location         = { partition = "aws", region = "eu-west-1", account_id = "111122223333", dns_suffix = "amazonaws.com" }
  api_id           = "a1b2c3d4e5"
  table_name       = "outbox-outbox"
  pipe_name        = "outbox-outbox-pipe"
  pipe_dlq_name    = "outbox-outbox-pipe-dlq"
  sweeper_dlq_name = "outbox-outbox-sweeper-dlq"
  event_bus_name   = "outbox-events"
  functions = {
    api = {
      orders-api  = { function_name = "outbox-orders-api", counters = ["OrdersPlaced", "OrdersChanged"] }
      order-query = { function_name = "outbox-order-query" }
    }
    relay        = "outbox-outbox-relay"
    acknowledger = "outbox-outbox-acknowledger"
    sweeper      = "outbox-outbox-sweeper"
  }
  handlers = {
    fulfilment = {
      function_name   = "outbox-fulfilment"
      timeout_seconds = 30
      queue_name      = "outbox-fulfilment"
      dlq_name        = "outbox-fulfilment-dlq"
      rule_name       = "outbox-fulfilment"
    }
    outbox-acknowledger = {
      function_name   = "outbox-outbox-acknowledger"
      timeout_seconds = 20
      queue_name      = "outbox-outbox-acknowledger"
      dlq_name        = "outbox-outbox-acknowledger-dlq"
      rule_name       = "outbox-outbox-acknowledger"
      consumer        = false
    }
  }
}

run "defaults" {
  module {
    source = "./modules/observability"
  }

  # alarm => what it looks at, by which statistic, from when on it is trouble
  assert {
    condition = {
      for key, alarm in aws_cloudwatch_metric_alarm.this : key => join(" ", [
        alarm.namespace,
        alarm.metric_name,
        join(",", [for name, value in alarm.dimensions : "${name}=${value}"]),
        coalesce(alarm.statistic, alarm.extended_statistic),
        { GreaterThanThreshold = ">", GreaterThanOrEqualToThreshold = ">=", LessThanThreshold = "<" }[alarm.comparison_operator],
        tostring(alarm.threshold),
        "${alarm.datapoints_to_alarm}/${alarm.evaluation_periods}x${alarm.period}s",
        alarm.treat_missing_data,
      ])
      } == {
      api-errors         = "AWS/ApiGateway 5xx ApiId=a1b2c3d4e5,Stage=$default Sum >= 5 1/1x300s notBreaching"
      api-latency        = "AWS/ApiGateway Latency ApiId=a1b2c3d4e5,Stage=$default p99 > 3000 3/3x300s notBreaching"
      relay-lag          = "Outbox RelayLag function_name=outbox-outbox-relay,service=outbox-relay p99 > 30000 1/1x300s notBreaching"
      pipe-failed        = "AWS/EventBridge/Pipes ExecutionFailed PipeName=outbox-outbox-pipe Sum >= 3 1/1x300s notBreaching"
      pipe-throttled     = "AWS/EventBridge/Pipes ExecutionThrottled PipeName=outbox-outbox-pipe Sum > 0 2/3x300s notBreaching"
      pipe-dlq           = "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=outbox-outbox-pipe-dlq Maximum > 0 1/1x60s notBreaching"
      publish-lag        = "Outbox PublishLag function_name=outbox-outbox-acknowledger,service=outbox-acknowledger p99 > 30000 1/1x300s notBreaching"
      oldest-unpublished = "Outbox OldestUnpublishedAge function_name=outbox-outbox-sweeper,service=outbox-sweeper Maximum > 300000 2/2x60s ignore"
      failed-items       = "Outbox EventsFailed function_name=outbox-outbox-sweeper,service=outbox-sweeper Sum > 0 1/12x300s notBreaching"
      sweeper-silent     = "Outbox SweepRuns function_name=outbox-outbox-sweeper,service=outbox-sweeper Sum < 1 5/5x60s breaching"
      sweeper-errors     = "AWS/Lambda Errors FunctionName=outbox-outbox-sweeper Sum > 0 1/1x300s notBreaching"
      sweeper-dlq        = "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=outbox-outbox-sweeper-dlq Maximum > 0 1/1x60s notBreaching"

      fulfilment-lag          = "Outbox ConsumerLag function_name=outbox-fulfilment,service=fulfilment Maximum > 300000 1/1x300s notBreaching"
      fulfilment-late         = "Outbox OnTime function_name=outbox-fulfilment,service=fulfilment Average < 99.9 1/1x3600s notBreaching"
      fulfilment-failing      = "Outbox FailedRepeatedly function_name=outbox-fulfilment,service=fulfilment Sum >= 2 1/1x60s notBreaching"
      fulfilment-stalled      = "AWS/SQS ApproximateAgeOfOldestMessage QueueName=outbox-fulfilment Maximum > 300 1/1x300s notBreaching"
      fulfilment-errors       = "AWS/Lambda Errors FunctionName=outbox-fulfilment Sum > 0 1/1x300s notBreaching"
      fulfilment-throttles    = "AWS/Lambda Throttles FunctionName=outbox-fulfilment Sum > 0 2/3x300s notBreaching"
      fulfilment-near-timeout = "AWS/Lambda Duration FunctionName=outbox-fulfilment Maximum > 24000 1/1x300s notBreaching"
      fulfilment-dlq          = "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=outbox-fulfilment-dlq Maximum > 0 1/1x60s notBreaching"
      fulfilment-rule-failed  = "AWS/Events FailedInvocations EventBusName=outbox-events,RuleName=outbox-fulfilment Sum > 0 1/1x300s notBreaching"
      fulfilment-rule-lost    = "AWS/Events InvocationsFailedToBeSentToDlq EventBusName=outbox-events,RuleName=outbox-fulfilment Sum > 0 1/12x300s notBreaching"

      outbox-acknowledger-stalled      = "AWS/SQS ApproximateAgeOfOldestMessage QueueName=outbox-outbox-acknowledger Maximum > 300 1/1x300s notBreaching"
      outbox-acknowledger-errors       = "AWS/Lambda Errors FunctionName=outbox-outbox-acknowledger Sum > 0 1/1x300s notBreaching"
      outbox-acknowledger-throttles    = "AWS/Lambda Throttles FunctionName=outbox-outbox-acknowledger Sum > 0 2/3x300s notBreaching"
      outbox-acknowledger-near-timeout = "AWS/Lambda Duration FunctionName=outbox-outbox-acknowledger Maximum > 16000 1/1x300s notBreaching"
      outbox-acknowledger-dlq          = "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=outbox-outbox-acknowledger-dlq Maximum > 0 1/1x60s notBreaching"
      outbox-acknowledger-rule-failed  = "AWS/Events FailedInvocations EventBusName=outbox-events,RuleName=outbox-outbox-acknowledger Sum > 0 1/1x300s notBreaching"
      outbox-acknowledger-rule-lost    = "AWS/Events InvocationsFailedToBeSentToDlq EventBusName=outbox-events,RuleName=outbox-outbox-acknowledger Sum > 0 1/12x300s notBreaching"
    }
    error_message = "An alarm looks at something else than it did, or at another threshold."
  }

  assert {
    condition     = output.alarm_names["fulfilment-lag"] == "outbox-fulfilment-lag" && aws_cloudwatch_metric_alarm.this["fulfilment-lag"].alarm_name == "outbox-fulfilment-lag"
    error_message = "Names start with the prefix."
  }

  assert {
    condition = {
      for key in ["pipe-dlq", "fulfilment-lag", "outbox-acknowledger-dlq", "fulfilment-late"] :
      key => regex("What to do: (.*)$", aws_cloudwatch_metric_alarm.this[key].alarm_description)[0]
      } == {
      pipe-dlq                = "docs/runbooks/alarms.md#pipe-dlq"
      fulfilment-lag          = "docs/runbooks/alarms.md#consumer-lag"
      outbox-acknowledger-dlq = "docs/runbooks/alarms.md#consumer-dlq"
      fulfilment-late         = "docs/runbooks/alarms.md#objective-missed"
    }
    error_message = "Every alarm says where to read what to do."
  }

  assert {
    condition     = toset(split(" OR ", aws_cloudwatch_composite_alarm.unhealthy.alarm_rule)) == toset([for alarm in aws_cloudwatch_metric_alarm.this : "ALARM(\"${alarm.alarm_name}\")"])
    error_message = "The stack is unhealthy when any of its alarms is on."
  }

  assert {
    condition     = aws_cloudwatch_composite_alarm.objective[0].alarm_rule == "ALARM(\"outbox-fulfilment-late\")"
    error_message = "The objective is missed when a consumer is late; the acknowledger has no effect of its own."
  }

  assert {
    condition     = length(aws_sns_topic.this) == 0 && length(coalesce(aws_cloudwatch_composite_alarm.unhealthy.alarm_actions, [])) == 0
    error_message = "Nobody is called unless asked for."
  }

  assert {
    condition     = output.unhealthy_alarm_name == "outbox-unhealthy" && output.objective_alarm_name == "outbox-objective-missed"
    error_message = "The composites' names are told."
  }
}

run "dashboard" {
  module {
    source = "./modules/observability"
  }

  assert {
    condition = [
      for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget.properties.markdown if widget.type == "text"
      ] == [
      "**1. API and commit**", "**2. Pipe and relay**", "**3. Bus and rules**", "**4. Queues**", "**5. Consumers**", "**6. Acknowledger and sweeper**"
    ]
    error_message = "The dashboard reads left to right as an event goes."
  }

  assert {
    condition = alltrue([
      for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget.x + widget.width <= 24
      ]) && length(distinct([
        for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : "${widget.x},${widget.y}"
    ])) == length(jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets)
    error_message = "Widgets fit the grid, each in a place of its own."
  }

  assert {
    condition = length([
      for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget
      if length(try(widget.properties.alarms, [])) == 2 + length(aws_cloudwatch_metric_alarm.this)
    ]) == 1
    error_message = "The dashboard shows every alarm."
  }

  assert {
    condition     = output.dashboard_name == "outbox" && output.dashboard_url == "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/outbox"
    error_message = "Name and address of the dashboard are told."
  }
}

run "other_thresholds" {
  command = plan
  module {
    source = "./modules/observability"
  }
  variables {
    metrics_namespace = "Other"
    runbook           = "https://wiki.example.com/outbox"
    objective_percent = 99
    thresholds = {
      api_errors                 = 50
      api_latency_ms             = 500
      relay_lag_seconds          = 1
      publish_lag_seconds        = 2
      oldest_unpublished_seconds = 600
      pipe_failures              = 9
      consumer_lag_seconds       = 60
      consumer_failures          = 20
      near_timeout_percent       = 50
    }
  }

  assert {
    condition = {
      for key in ["api-errors", "api-latency", "relay-lag", "publish-lag", "oldest-unpublished", "pipe-failed", "fulfilment-failing", "fulfilment-lag", "fulfilment-stalled", "fulfilment-late", "fulfilment-near-timeout"] :
      key => aws_cloudwatch_metric_alarm.this[key].threshold
      } == {
      api-errors              = 50
      api-latency             = 500
      relay-lag               = 1000
      publish-lag             = 2000
      oldest-unpublished      = 600000
      pipe-failed             = 9
      fulfilment-failing      = 20
      fulfilment-lag          = 60000
      fulfilment-stalled      = 60
      fulfilment-late         = 99
      fulfilment-near-timeout = 15000
    }
    error_message = "Each threshold reaches its alarm, in the unit of the metric."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["relay-lag"].namespace == "Other" && endswith(aws_cloudwatch_metric_alarm.this["relay-lag"].alarm_description, "https://wiki.example.com/outbox#relay-lag")
    error_message = "Namespace and runbook are the caller's."
  }
}

run "people_are_called" {
  module {
    source = "./modules/observability"
  }
  variables {
    alarm_topic_arns = ["arn:aws:sns:eu-west-1:111122223333:on-call"]
    alarm_email      = "team@example.com"
    kms_key_arn      = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  }

  assert {
    condition = alltrue([
      for alarm in [aws_cloudwatch_composite_alarm.unhealthy, aws_cloudwatch_composite_alarm.objective[0]] :
      alarm.alarm_actions == toset(["arn:aws:sns:eu-west-1:111122223333:on-call", aws_sns_topic.this[0].arn]) && alarm.ok_actions == alarm.alarm_actions
    ])
    error_message = "The composites tell the topics, when it starts and when it is over."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : length(coalesce(alarm.alarm_actions, [])) == 0])
    error_message = "The single alarms stay quiet: one failure would call people many times."
  }

  assert {
    condition     = aws_sns_topic_subscription.email[0].endpoint == "team@example.com" && aws_sns_topic.this[0].kms_master_key_id == var.kms_key_arn
    error_message = "The address subscribes to an encrypted topic."
  }

  assert {
    condition = jsondecode(aws_sns_topic.this[0].policy).Statement == [{
      Sid       = "AlarmsOfThisStack"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-west-1:111122223333:outbox-alarms"
      Condition = {
        StringEquals = { "aws:SourceAccount" = "111122223333" }
        ArnLike      = { "aws:SourceArn" = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:outbox-*" }
      }
    }]
    error_message = "Only alarms of this stack publish."
  }
}

run "no_consumer" {
  command = plan
  module {
    source = "./modules/observability"
  }
  variables {
    handlers = {}
  }

  assert {
    condition     = length(aws_cloudwatch_composite_alarm.objective) == 0 && output.objective_alarm_name == null
    error_message = "Without a consumer there is no objective to miss."
  }
}

run "essential" {
  module {
    source = "./modules/observability"
  }
  variables {
    profile = "essential"
  }

  assert {
    condition = toset(keys(aws_cloudwatch_metric_alarm.this)) == toset([
      "failed-items", "oldest-unpublished", "sweeper-silent",
      "fulfilment-dlq", "fulfilment-stalled", "outbox-acknowledger-dlq", "outbox-acknowledger-stalled",
    ])
    error_message = "The essential alarms say whether events are published, taken and done."
  }

  assert {
    condition     = toset(split(" OR ", aws_cloudwatch_composite_alarm.unhealthy.alarm_rule)) == toset([for alarm in aws_cloudwatch_metric_alarm.this : "ALARM(\"${alarm.alarm_name}\")"])
    error_message = "One of them makes the stack unhealthy."
  }

  assert {
    condition     = length(aws_cloudwatch_dashboard.this) == 0 && length(aws_cloudwatch_composite_alarm.objective) == 0 && output.dashboard_url == null && output.dashboard_name == null
    error_message = "There is neither a dashboard nor an objective."
  }
}

run "no_schedule" {
  command = plan
  module {
    source = "./modules/observability"
  }
  variables {
    sweeps = false
  }

  assert {
    condition     = length(setintersection(keys(aws_cloudwatch_metric_alarm.this), ["sweeper-silent", "sweeper-dlq"])) == 0
    error_message = "A sweeper that nobody starts may be silent."
  }
}

run "no_api" {
  module {
    source = "./modules/observability"
  }
  variables {
    api_id = null
    functions = {
      relay        = "outbox-outbox-relay"
      acknowledger = "outbox-outbox-acknowledger"
      sweeper      = "outbox-outbox-sweeper"
    }
  }

  assert {
    condition     = length(setintersection(keys(aws_cloudwatch_metric_alarm.this), ["api-errors", "api-latency"])) == 0
    error_message = "A service without an HTTP API has no alarm of one."
  }

  assert {
    condition     = !strcontains(aws_cloudwatch_dashboard.this[0].dashboard_body, "AWS/ApiGateway") && strcontains(aws_cloudwatch_dashboard.this[0].dashboard_body, "**1. Pipe and relay**")
    error_message = "The dashboard begins with the pipe."
  }
}

run "api_without_id" {
  command = plan
  module {
    source = "./modules/observability"
  }
  variables {
    api_id = null
  }
  expect_failures = [var.api_id]
}

run "profile_that_is_none" {
  command = plan
  module {
    source = "./modules/observability"
  }
  variables {
    profile = "none"
  }
  expect_failures = [var.profile]
}

run "thresholds_out_of_range" {
  command = plan
  module {
    source = "./modules/observability"
  }
  variables {
    thresholds        = { api_errors = 0 }
    objective_percent = 0.999
  }
  expect_failures = [var.thresholds, var.objective_percent]
}

run "near_timeout_never" {
  command = plan
  module {
    source = "./modules/observability"
  }
  variables {
    thresholds = { near_timeout_percent = 100 }
  }
  expect_failures = [var.thresholds]
}

run "topic_that_is_none" {
  command = plan
  module {
    source = "./modules/observability"
  }
  variables {
    alarm_topic_arns = ["arn:aws:sqs:eu-west-1:111122223333:on-call"]
  }
  expect_failures = [var.alarm_topic_arns]
}

run "too_many_topics" {
  command = plan
  module {
    source = "./modules/observability"
  }
  variables {
    alarm_topic_arns = [for i in range(5) : "arn:aws:sns:eu-west-1:111122223333:on-call-${i}"]
  }
  expect_failures = [var.alarm_topic_arns]
}

run "email_without_key" {
  command = plan
  module {
    source = "./modules/observability"
  }
  variables {
    alarm_email = "team@example.com"
  }
  expect_failures = [var.alarm_email]
}

run "email_that_is_none" {
  command = plan
  module {
    source = "./modules/observability"
  }
  variables {
    alarm_email = "team"
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  }
  expect_failures = [var.alarm_email]
}

run "more_than_a_composite_takes" {
  command   = plan
  providers = { aws = aws.known }
  module {
    source = "./modules/observability"
  }
  variables {
    handlers = { for i in range(24) : "consumer-${i}" => {
      function_name   = "outbox-consumer-${i}"
      timeout_seconds = 30
      queue_name      = "outbox-consumer-${i}"
      dlq_name        = "outbox-consumer-${i}-dlq"
      rule_name       = "outbox-consumer-${i}"
    } }
  }

  assert {
    condition     = sort(keys(aws_cloudwatch_composite_alarm.group)) == tolist(["outbox-unhealthy-1", "outbox-unhealthy-2", "outbox-unhealthy-3"])
    error_message = "Alarms of handlers are in composites of their own, a hundred in each."
  }

  assert {
    condition = toset(concat(
      [for name in split(" OR ", aws_cloudwatch_composite_alarm.unhealthy.alarm_rule) : name if !startswith(name, "ALARM(\"outbox-unhealthy-")],
      flatten([for group in aws_cloudwatch_composite_alarm.group : split(" OR ", group.alarm_rule)]),
    )) == toset([for alarm in aws_cloudwatch_metric_alarm.this : "ALARM(\"${alarm.alarm_name}\")"])
    error_message = "The stack is unhealthy when any of its alarms is on, however many there are."
  }

  assert {
    condition = alltrue([
      for composite in concat([aws_cloudwatch_composite_alarm.unhealthy], values(aws_cloudwatch_composite_alarm.group)) :
      length(split(" OR ", composite.alarm_rule)) <= 100 && length(composite.alarm_rule) <= 10240
    ])
    error_message = "A composite takes 100 alarms and 10240 characters."
  }

  assert {
    condition     = toset([for name in keys(aws_cloudwatch_composite_alarm.group) : "ALARM(\"${name}\")"]) == toset([for name in split(" OR ", aws_cloudwatch_composite_alarm.unhealthy.alarm_rule) : name if startswith(name, "ALARM(\"outbox-unhealthy-")])
    error_message = "Each of those counts."
  }

  assert {
    condition     = alltrue([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : length(try(widget.properties.alarms, [])) <= 100])
    error_message = "A widget shows a hundred alarms."
  }
}

run "console_of_another_partition" {
  command = plan
  module {
    source = "./modules/observability"
  }
  variables {
    location = { partition = "aws-cn", region = "cn-north-1", account_id = "111122223333", dns_suffix = "amazonaws.com.cn" }
  }

  assert {
    condition     = startswith(output.dashboard_url, "https://cn-north-1.console.amazonaws.cn/cloudwatch/")
    error_message = "The console is the partition's."
  }
}
