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
  artifacts_dir = "./tests/fixtures"
  carrier_url   = "https://carrier.example.com"
  mail_url      = "https://mail.example.com"
}

run "defaults_apply" {
  assert {
    condition = { for name in ["fulfilment", "notifications", "order-progress", "order-view"] : name => output.consumers[name].policy } == {
      fulfilment     = "once"
      notifications  = "in-order"
      order-progress = "once"
      order-view     = "latest"
    }
    error_message = "The default consumers are deployed, each with the delivery policy that its app implements."
  }

  assert {
    condition = jsonencode({ for name in ["fulfilment", "notifications", "order-progress"] : name => [output.consumers[name].on, output.consumers[name].event_types] }) == jsonencode({
      fulfilment     = [{ order = ["OrderCreated"], shipment = ["ShipmentCancellationRequested"] }, ["OrderCreated", "ShipmentCancellationRequested"]]
      notifications  = [{ order = [] }, ["OrderCreated", "OrderUpdated"]]
      order-progress = [{ order = ["OrderUpdated"], shipment = ["ShipmentBooked", "ShipmentRefused"] }, ["OrderUpdated", "ShipmentBooked", "ShipmentRefused"]]
    })
    error_message = "The output tells which events a consumer waits for."
  }

  assert {
    condition = output.curl_example == join(" ", [
      "curl -sS -i -X POST 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/orders'",
      "--aws-sigv4 'aws:amz:eu-west-1:execute-api' --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" -H \"X-Amz-Security-Token: $AWS_SESSION_TOKEN\"",
      "-H 'Content-Type: application/json'",
      "-H \"Idempotency-Key: curl-example-$(date +%s)\"",
      "-d '{\"currency\":\"EUR\",\"customerId\":\"c-1\",\"items\":[{\"quantity\":2,\"sku\":\"sku-1\",\"unitPrice\":\"19.99\"}]}'",
    ])
    error_message = "The example is paste-ready, and signs."
  }

  assert {
    condition     = [output.api_authorization.type, output.api_authorization.region, output.api_execution_arn] == ["AWS_IAM", "eu-west-1", "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5"]
    error_message = "Unless told otherwise only AWS callers who are granted it get in."
  }

  assert {
    condition = {
      orders  = output.orders_table_name
      outbox  = output.outbox_table_name
      bus     = output.event_bus_name
      pipe    = output.pipe_name
      archive = output.archive_name
      sweeper = output.sweeper_function_name
      alias   = output.sweeper_alias
      } == {
      orders  = "outbox-orders"
      outbox  = "outbox-outbox"
      bus     = "outbox-events"
      pipe    = "outbox-outbox-pipe"
      archive = "outbox-events"
      sweeper = "outbox-outbox-sweeper"
      alias   = "live"
    }
    error_message = "Names start with the prefix."
  }

  assert {
    condition = {
      api          = output.api_id
      orders_api   = output.orders_api_function_name
      relay        = output.relay_function_name
      acknowledger = output.acknowledger.function_name
      remembered   = output.inbox_retention_days
      objective    = output.lag_objective.seconds
      } == {
      api          = "a1b2c3d4e5"
      orders_api   = "outbox-orders-api"
      relay        = "outbox-outbox-relay"
      acknowledger = "outbox-outbox-acknowledger"
      remembered   = 45
      objective    = 60
    }
    error_message = "The outputs tell an operator's tools where to look and what was promised."
  }

  assert {
    condition     = alltrue([for url in [output.acknowledger.dlq_url, output.acknowledger.queue_url, output.pipe_dlq_url, output.sweeper_dlq_url] : url != ""])
    error_message = "Every queue that an operator looks into is an output."
  }

  assert {
    condition = {
      key        = aws_dynamodb_table.orders.hash_key
      attributes = join(",", [for attribute in aws_dynamodb_table.orders.attribute : attribute.name])
      stream     = coalesce(aws_dynamodb_table.orders.stream_enabled, false)
      ttl        = length(aws_dynamodb_table.orders.ttl)
      indexes    = length(aws_dynamodb_table.orders.global_secondary_index)
      backups    = aws_dynamodb_table.orders.point_in_time_recovery[0].enabled
      protection = aws_dynamodb_table.orders.deletion_protection_enabled
    } == { key = "orderId", attributes = "orderId", stream = false, ttl = 0, indexes = 0, backups = true, protection = false }
    error_message = "Orders lie in a table of their own, with nothing in it for the outbox's sake."
  }

  assert {
    condition     = module.consumers["fulfilment"].environment["CARRIER_URL"] == "https://carrier.example.com" && module.consumers["notifications"].environment["MAIL_URL"] == "https://mail.example.com"
    error_message = "fulfilment calls the carrier, notifications the mail provider."
  }

  assert {
    condition     = sum([for consumer in values(var.consumers) : consumer.maximum_concurrency]) + var.acknowledger_concurrency <= 25
    error_message = "By default, consumers and acknowledger together take at most half of an account with a concurrency of 50, whatever their backlog."
  }

  assert {
    condition = alltrue([
      for environment in concat(
        [for consumer in values(module.consumers) : consumer.environment],
        [for function in values(module.outbox.functions) : function.environment],
        [module.orders_api.environment, module.order_query[0].environment],
      ) : length([for name in keys(environment) : name if can(regex("^(OTEL|TRACE)_", name))]) == 0
    ])
    error_message = "Unless it is asked for, nothing is recorded."
  }

  assert {
    condition = alltrue([
      for value in [
        output.encryption_key_arn, output.encryption_key_policy, module.orders_api.key_policy_json,
        module.outbox.functions["outbox-sweeper"].key_policy_json, module.consumers["fulfilment"].key_policy_json,
      ] : value == null
    ])
    error_message = "Without a key there is nothing of it, in no policy."
  }
}

run "is_watched" {
  command = plan
  variables {
    lag_objective    = { percent = 99.5, seconds = 30 }
    alarm_thresholds = { consumer_lag_seconds = 90 }
    runbook          = "https://wiki.example.com/outbox"
    alarm_topic_arns = ["arn:aws:sns:eu-west-1:111122223333:on-call"]
  }

  assert {
    condition     = toset([for name in keys(output.consumers) : output.alarm_names["${name}-lag"]]) == toset(["outbox-fulfilment-lag", "outbox-notifications-lag", "outbox-order-progress-lag", "outbox-order-view-lag"])
    error_message = "Every consumer of the map has its alarms."
  }

  assert {
    condition     = local.watched_consumers == { for name, consumer in module.consumers : name => consumer.watched }
    error_message = "Alarms of consumers look at what the modules make."
  }

  assert {
    condition     = output.unhealthy_alarm_name == "outbox-unhealthy" && output.objective_alarm_name == "outbox-objective-missed" && output.dashboard_name == "outbox"
    error_message = "The outputs tell where to look."
  }

  assert {
    condition     = output.dashboard_url == "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/outbox"
    error_message = "The dashboard's address is the region's console."
  }

  assert {
    condition     = alltrue([for consumer in module.consumers : consumer.environment["LAG_OBJECTIVE_SECONDS"] == "30"])
    error_message = "Consumers count by the same objective as the alarms."
  }
}

run "for_trying_out" {
  command = plan
  variables {
    observability    = "none"
    archive          = false
    sweeper_schedule = false

    paused      = ["outbox", "fulfilment"]
    carrier_url = null
    mail_url    = null
  }

  assert {
    condition     = length(module.observability) == 0 && length(output.alarm_names) == 0 && output.dashboard_url == null
    error_message = "A stack may do without alarms and dashboard."
  }

  assert {
    condition     = { for name in ["fulfilment", "notifications"] : name => module.consumers[name].paused } == { fulfilment = true, notifications = false }
    error_message = "A consumer that is paused takes no messages; the others do."
  }

  assert {
    condition     = !contains(keys(module.consumers["fulfilment"].environment), "CARRIER_URL") && !contains(keys(module.consumers["notifications"].environment), "MAIL_URL")
    error_message = "Without an address a consumer isn't told of any."
  }

  assert {
    condition = alltrue([
      for function in concat(values(module.consumers), values(module.outbox.functions)) : function.environment["POWERTOOLS_METRICS_DISABLED"] == "true"
    ])
    error_message = "Where nobody looks at metrics none are written, which cost more than all the rest."
  }

  assert {
    condition     = output.archive_name == null
    error_message = "It may do without an archive."
  }
  expect_failures = [check.partners_are_called, check.nothing_is_paused, check.every_event_gets_there, check.somebody_is_told]
}

run "pays_for_less" {
  command = plan
  variables {
    observability   = "essential"
    custom_metrics  = "sweeper"
    log_sample_rate = 0.1
  }

  assert {
    condition = {
      for name, function in merge(module.consumers, module.outbox.functions) : name => contains(keys(function.environment), "POWERTOOLS_METRICS_DISABLED")
      } == {
      fulfilment   = true, notifications = true, order-view = true, order-progress = true
      outbox-relay = true, outbox-acknowledger = true, outbox-sweeper = false
    }
    error_message = "The sweeper's metrics, which essential alarms look at, are the only ones."
  }

  assert {
    condition     = alltrue([for function in concat(values(module.consumers), values(module.outbox.functions)) : function.environment["LOG_SAMPLE_RATE"] == "0.1"])
    error_message = "Every function samples its lines alike, so that a trace is complete or left out."
  }

  assert {
    condition     = output.observability == { profile = "essential", custom_metrics = "sweeper", log_sample_rate = 0.1 }
    error_message = "outboxctl cost reckons with what is watched and written."
  }
}

run "what_platform_teams_ask_for" {
  command = plan
  variables {
    permissions_boundary = "arn:aws:iam::111122223333:policy/boundary"
    role_path            = "/teams/orders/"
    reserved_concurrency = { orders-api = 50 }
    recovery_period_days = 14
    table_limits         = { max_write_units = 500 }
    paused               = ["pipe"]
    tracing              = { endpoint = "https://collector.example.com/v1/traces" }

    # The inbox remembers just long enough.
    outbox_retention_days  = 14
    archive_retention_days = 30
    inbox_retention_days   = 45
  }

  assert {
    condition     = aws_dynamodb_table.orders.point_in_time_recovery[0].recovery_period_in_days == 14 && aws_dynamodb_table.orders.on_demand_throughput[0].max_write_request_units == 500
    error_message = "Backups and caps are the orders' table's too."
  }
  assert {
    condition = toset([
      for name, environment in merge(
        { for name, consumer in module.consumers : name => consumer.environment },
        { for name, function in module.outbox.functions : name => function.environment },
        { orders-api = module.orders_api.environment, order-query = module.order_query[0].environment },
      ) : name if !contains(keys(environment), "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    ]) == toset(["outbox-relay"])
    error_message = "Every function sends its spans, but the relay, which events wait for."
  }

  expect_failures = [check.nothing_is_paused]
}

run "no_consumer_at_all" {
  command = plan
  variables {
    consumers = {}
  }

  assert {
    condition     = length(module.order_query) == 0 && length(output.consumers) == 0
    error_message = "order-query goes with the read model that it lists."
  }
}

run "api_for_tokens" {
  command = plan
  variables {
    environment      = "prod"
    alarm_topic_arns = ["arn:aws:sns:eu-west-1:111122223333:on-call"]
    api_authorization = {
      type     = "JWT"
      issuer   = "https://issuer.example.com"
      audience = ["orders"]
    }
    api_cors = { allow_origins = ["https://app.example.com"] }
  }

  assert {
    condition     = output.api_authorization.issuer == "https://issuer.example.com" && strcontains(output.curl_example, "-H \"Authorization: Bearer $${OUTBOX_TOKEN:?set it to an access token}\"")
    error_message = "The example has a place for the token."
  }
}

run "open_api_is_said_in_every_plan" {
  command = plan
  variables {
    environment       = "dev"
    api_authorization = { type = "NONE" }
  }

  assert {
    condition     = !strcontains(output.curl_example, "--aws-sigv4") && !strcontains(output.curl_example, "Authorization")
    error_message = "The example of an open API needs nobody's credentials."
  }
  expect_failures = [check.api_asks_who_calls]
}

run "longest_prefix_fits_every_name" {
  command   = plan
  providers = { aws = aws.known }
  variables {
    name_prefix = "a23456789-123456789-1234"
  }

  assert {
    condition     = output.orders_table_name == "a23456789-123456789-1234-orders"
    error_message = "A prefix of 24 characters is used as it is."
  }
}

run "values_out_of_range" {
  command = plan
  variables {
    allowed_account_ids      = ["12345"]
    log_retention_days       = 10
    outbox_threshold_seconds = 5
    outbox_retention_days    = 1
    sweep_start              = 5
    sweep_concurrency        = 0
    carrier_url              = "http://carrier.example.com"
    mail_url                 = "mail.example.com"
    paused                   = ["shipping"]
    observability            = "some"
    log_sample_rate          = 1.5
    permissions_boundary     = "boundary"
    role_path                = "teams"
    reserved_concurrency     = { fulfilment = 5 }
    lag_objective            = { seconds = 1.5 }
  }
  expect_failures = [var.allowed_account_ids, var.log_retention_days, var.outbox_threshold_seconds, var.outbox_retention_days, var.sweep_start, var.sweep_concurrency, var.carrier_url, var.mail_url, var.paused, var.observability, var.log_sample_rate, var.permissions_boundary, var.role_path, var.reserved_concurrency, var.lag_objective]
}

# Each value is refused by itself; a plan takes seconds, so several share one.

run "prefix_too_long_and_others" {
  command = plan
  variables {
    encryption_key      = "alias/aws/sqs" # of AWS
    name_prefix         = "a23456789-123456789-12345"
    allowed_account_ids = []
    custom_metrics      = "few"

    # Acknowledgements wait into an alarm.
    acknowledger_batching_window_seconds = 10
    alarm_thresholds                     = { publish_lag_seconds = 10 }

    # The inbox forgets before the archive.
    archive_retention_days = 90
    inbox_retention_days   = 90

    # A consumer has a taken name.
    consumers = {
      order-view = { policy = "latest", on = { order = [] }, indexes = { byCustomer = { hash_key = "customerId", range_key = "placedAt" } } }
      orders     = { policy = "once", on = { order = [] } }
    }
  }
  expect_failures = [var.encryption_key, var.name_prefix, var.allowed_account_ids, var.custom_metrics, var.acknowledger_batching_window_seconds, var.inbox_retention_days, var.consumers]
}

run "prefix_with_capitals_and_others" {
  command = plan
  variables {
    encryption_key = "arn:aws:kms:eu-west-1:111122223333:alias/aws/sqs" # of AWS
    name_prefix    = "Outbox"
    custom_metrics = "sweeper" # without those that alarms look at

    # Nobody is called.
    environment = "prod"

    # The inbox forgets before the dead-letter queue.
    archive_retention_days = 1
    inbox_retention_days   = 14

    # order-query lacks its index.
    consumers = {
      order-view = { policy = "latest", on = { order = [] } }
    }
  }
  expect_failures = [var.encryption_key, var.name_prefix, var.custom_metrics, var.alarm_topic_arns, var.inbox_retention_days, var.consumers]
}

run "prefix_ends_with_hyphen_and_others" {
  command = plan
  variables {
    encryption_key = "alias/mine" # not an ARN
    name_prefix    = "outbox-"

    # Nobody watches.
    environment      = "prod"
    observability    = "none"
    alarm_topic_arns = ["arn:aws:sns:eu-west-1:111122223333:on-call"]

    # The inbox forgets before a repaired event leaves the archive.
    outbox_retention_days  = 15
    archive_retention_days = 30
    inbox_retention_days   = 45

    # The contract has no such event.
    consumers = {
      order-view = { policy = "latest", on = { order = [] }, indexes = { byCustomer = { hash_key = "customerId", range_key = "placedAt" } } }
      audit      = { policy = "once", on = { order = ["OrderCreated", "ShipmentBooked"] } }
    }
  }
  expect_failures = [var.encryption_key, var.name_prefix, var.observability, var.inbox_retention_days, var.consumers]
}

run "open_api_in_production_and_others" {
  command = plan
  variables {
    # There is no key of the stack's own.
    key_policy_statements = [{ sid = "Administrators", principals = { AWS = ["111122223333"] }, actions = ["kms:DescribeKey"] }]

    environment       = "production"
    alarm_topic_arns  = ["arn:aws:sns:eu-west-1:111122223333:on-call"]
    api_authorization = { type = "NONE" }
    alarm_thresholds  = { oldest_unpublished_seconds = 180 }

    # The inbox forgets before a repaired event leaves the dead-letter queue.
    outbox_retention_days  = 10
    archive_retention_days = 1
    inbox_retention_days   = 24

    # The contract has no such aggregate.
    consumers = {
      order-view = { policy = "latest", on = { order = [] }, indexes = { byCustomer = { hash_key = "customerId", range_key = "placedAt" } } }
      audit      = { policy = "once", on = { invoice = [] } }
    }
  }
  expect_failures = [var.key_policy_statements, var.api_authorization, var.alarm_thresholds, var.inbox_retention_days, var.consumers]
}

run "gives_up_on_gaps_before_the_sweeper" {
  command = plan
  variables {
    outbox_threshold_seconds = 480
    consumers = {
      order-view = { policy = "latest", on = { order = [] }, indexes = { byCustomer = { hash_key = "customerId", range_key = "placedAt" } } }
      audit      = { policy = "in-order", on = { order = [] }, park_budget_seconds = 600 }
    }
  }
  expect_failures = [check.park_budgets_outlast_the_sweeper]
}

run "further_consumer_is_one_entry_and_one_app" {
  command   = plan
  providers = { aws = aws.known }
  variables {
    consumers = {
      order-view = { policy = "latest", on = { order = [] }, indexes = { byCustomer = { hash_key = "customerId", range_key = "placedAt" } } }
      audit      = { policy = "in-order", on = { order = [] }, park_budget_seconds = 600 }
    }
  }

  assert {
    condition     = output.consumers["audit"].function_name == "outbox-audit" && module.consumers["audit"].environment["PARK_BUDGET_SECONDS"] == "600"
    error_message = "A further entry of the map deploys the app of that name."
  }
}
