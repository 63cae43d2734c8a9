# Left to right as an event goes, top to bottom: how much, how long, what went wrong.
locals {
  outbox = var.metrics_namespace
  relay  = ["service", "outbox-relay", "function_name", var.functions.relay]
  sweep  = ["service", "outbox-sweeper", "function_name", var.functions.sweeper]
  ack    = ["service", "outbox-acknowledger", "function_name", var.functions.acknowledger]
  pipe   = ["PipeName", var.pipe_name]

  consumers = { for name, handler in var.handlers : name => handler if handler.consumer }

  api_counters = flatten([
    for service, api in var.functions.api : [
      for counter in api.counters : { service = service, function_name = api.function_name, counter = counter }
    ]
  ])

  columns = [for column in local.all_columns : column if local.has_api || column.title != local.api_title]

  api_title = "API and commit"
  all_columns = [
    {
      title = local.api_title
      graphs = [
        {
          title = "Requests and commits"
          stat  = "Sum"
          metrics = concat(
            [["AWS/ApiGateway", "Count", "ApiId", var.api_id, { label = "requests" }]],
            [
              for counted in local.api_counters :
              [local.outbox, counted.counter, "service", counted.service, "function_name", counted.function_name]
            ],
          )
        },
        {
          title = "Latency (ms)"
          stat  = "p99"
          metrics = [
            ["AWS/ApiGateway", "Latency", "ApiId", var.api_id, { label = "p99" }],
            ["AWS/ApiGateway", "Latency", "ApiId", var.api_id, { label = "p50", stat = "p50" }],
          ]
        },
        {
          title = "Refused and failed"
          stat  = "Sum"
          metrics = concat(
            [
              ["AWS/ApiGateway", "4xx", "ApiId", var.api_id],
              ["AWS/ApiGateway", "5xx", "ApiId", var.api_id],
            ],
            [
              for service, api in var.functions.api :
              ["AWS/Lambda", "Errors", "FunctionName", api.function_name, { label = "${service} errors" }]
            ],
            [["AWS/DynamoDB", "TransactionConflict", "TableName", var.table_name]],
          )
        },
      ]
    },
    {
      title = "Pipe and relay"
      graphs = [
        {
          title = "Events relayed"
          stat  = "Sum"
          metrics = [
            concat([local.outbox, "EventsRelayed"], local.relay),
            concat(["AWS/EventBridge/Pipes", "Invocations"], local.pipe),
          ]
        },
        {
          title = "Relay lag (ms)"
          stat  = "p99"
          metrics = [
            concat([local.outbox, "RelayLag"], local.relay, [{ label = "p99" }]),
            concat([local.outbox, "RelayLag"], local.relay, [{ label = "p50", stat = "p50" }]),
          ]
        },
        {
          title = "Pipe failures"
          stat  = "Sum"
          metrics = [
            concat(["AWS/EventBridge/Pipes", "ExecutionFailed"], local.pipe),
            concat(["AWS/EventBridge/Pipes", "ExecutionPartiallyFailed"], local.pipe),
            concat(["AWS/EventBridge/Pipes", "ExecutionThrottled"], local.pipe),
            concat([local.outbox, "UnreadableRecords"], local.relay),
            ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.pipe_dlq_name, { label = "in the DLQ", stat = "Maximum" }],
          ]
        },
      ]
    },
    {
      title = "Bus and rules"
      graphs = [
        {
          title   = "Events matched"
          stat    = "Sum"
          metrics = [for name, handler in var.handlers : ["AWS/Events", "MatchedEvents", "EventBusName", var.event_bus_name, "RuleName", handler.rule_name, { label = name }]]
        },
        {
          title   = "From the bus to the queue (ms)"
          stat    = "p99"
          metrics = [for name, handler in var.handlers : ["AWS/Events", "IngestionToInvocationSuccessLatency", "EventBusName", var.event_bus_name, "RuleName", handler.rule_name, { label = name }]]
        },
        {
          title = "Not delivered"
          stat  = "Sum"
          metrics = concat(
            [for name, handler in var.handlers : ["AWS/Events", "FailedInvocations", "EventBusName", var.event_bus_name, "RuleName", handler.rule_name, { label = name }]],
            [for name, handler in var.handlers : ["AWS/Events", "InvocationsFailedToBeSentToDlq", "EventBusName", var.event_bus_name, "RuleName", handler.rule_name, { label = "${name}, lost" }]],
          )
        },
      ]
    },
    {
      title = "Queues"
      graphs = [
        {
          title   = "Messages waiting"
          stat    = "Maximum"
          metrics = [for name, handler in var.handlers : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", handler.queue_name, { label = name }]]
        },
        {
          title   = "Age of the oldest (s)"
          stat    = "Maximum"
          metrics = [for name, handler in var.handlers : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", handler.queue_name, { label = name }]]
        },
        {
          title   = "Dead letters"
          stat    = "Maximum"
          metrics = [for name, handler in var.handlers : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", handler.dlq_name, { label = name }]]
        },
      ]
    },
    {
      title = "Consumers"
      graphs = [
        {
          title = "Applied, and duplicates done nothing for"
          stat  = "Sum"
          metrics = concat(
            [for name, handler in local.consumers : [local.outbox, "Applied", "service", name, "function_name", handler.function_name, { label = name }]],
            [for name, handler in local.consumers : [local.outbox, "Duplicates", "service", name, "function_name", handler.function_name, { label = "${name}, duplicates" }]],
          )
        },
        {
          title   = "From commit to effect (ms)"
          stat    = "p99"
          metrics = [for name, handler in local.consumers : [local.outbox, "ConsumerLag", "service", name, "function_name", handler.function_name, { label = name }]]
        },
        {
          title = "Failed, parked, throttled"
          stat  = "Sum"
          metrics = concat(
            [for name, handler in local.consumers : ["AWS/Lambda", "Errors", "FunctionName", handler.function_name, { label = "${name}, errors" }]],
            [for name, handler in local.consumers : ["AWS/Lambda", "Throttles", "FunctionName", handler.function_name, { label = "${name}, throttles" }]],
            [for name, handler in local.consumers : [local.outbox, "Failed", "service", name, "function_name", handler.function_name, { label = "${name}, failed" }]],
            [for name, handler in local.consumers : [local.outbox, "FailedRepeatedly", "service", name, "function_name", handler.function_name, { label = "${name}, failed again" }]],
            [for name, handler in local.consumers : [local.outbox, "Parked", "service", name, "function_name", handler.function_name, { label = "${name}, parked" }]],
          )
        },
      ]
    },
    {
      title = "Acknowledger and sweeper"
      graphs = [
        {
          title = "Acknowledged and republished"
          stat  = "Sum"
          metrics = [
            concat([local.outbox, "Acknowledged"], local.ack),
            concat([local.outbox, "EventsRepublished"], local.sweep),
            concat([local.outbox, "SweepBudgetHalved"], local.sweep),
          ]
        },
        {
          title = "Publish lag, oldest unpublished (ms)"
          stat  = "p99"
          metrics = [
            concat([local.outbox, "PublishLag"], local.ack, [{ label = "publish lag, p99" }]),
            concat([local.outbox, "OldestUnpublishedAge"], local.sweep, [{ label = "oldest unpublished", stat = "Maximum" }]),
          ]
        },
        {
          title = "Given up, not started"
          stat  = "Sum"
          metrics = [
            concat([local.outbox, "EventsFailed"], local.sweep),
            concat([local.outbox, "EventsRefused"], local.sweep),
            ["AWS/Lambda", "Errors", "FunctionName", var.functions.sweeper, { label = "sweeper errors" }],
            ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.sweeper_dlq_name, { label = "sweeps in the DLQ", stat = "Maximum" }],
          ]
        },
      ]
    },
  ]

  # A widget shows a hundred alarms. With more, composites stand for those of handlers.
  shown_alarm_arns = concat(
    [aws_cloudwatch_composite_alarm.unhealthy.arn],
    aws_cloudwatch_composite_alarm.objective[*].arn,
    values(aws_cloudwatch_composite_alarm.group)[*].arn,
    [for key, alarm in aws_cloudwatch_metric_alarm.this : alarm.arn if !local.grouped || contains(keys(local.pipeline_alarms), key)],
  )

  # CloudWatch's grid is 24 wide.
  width  = floor(24 / length(local.columns))
  height = 6

  health_widgets = [
    {
      type       = "alarm"
      x          = 0
      y          = 0
      width      = 16
      height     = 4
      properties = { title = "Alarms", alarms = local.shown_alarm_arns }
    },
    {
      type   = "metric"
      x      = 16
      y      = 0
      width  = 8
      height = 4
      properties = {
        title       = "Events in time (%)"
        region      = var.location.region
        view        = "timeSeries"
        stat        = "Average"
        period      = local.hour
        metrics     = [for name, handler in local.consumers : [local.outbox, "OnTime", "service", name, "function_name", handler.function_name, { label = name }]]
        annotations = { horizontal = [{ label = "objective", value = var.objective_percent }] }
      }
    },
  ]

  flow_widgets = flatten([for column, stage in local.columns : concat(
    [jsonencode({
      type       = "text"
      x          = column * local.width
      y          = 4
      width      = local.width
      height     = 1
      properties = { markdown = "**${column + 1}. ${stage.title}**" }
    })],
    [for row, graph in stage.graphs : jsonencode({
      type   = "metric"
      x      = column * local.width
      y      = 5 + row * local.height
      width  = local.width
      height = local.height
      properties = {
        title   = graph.title
        region  = var.location.region
        view    = "timeSeries"
        stat    = graph.stat
        period  = local.minute
        metrics = graph.metrics
      }
    })],
  )])
}

# ---------------------------------------------------------------------------------------------------------------------
# Dashboard
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_dashboard" "this" {
  count = local.full ? 1 : 0

  dashboard_name = var.name_prefix

  # Widgets have no common type, which a list would want: hence the JSON in between.
  dashboard_body = jsonencode({ widgets = concat(local.health_widgets, [for widget in local.flow_widgets : jsondecode(widget)]) })
}
