# Every function of the stack: what it may do, and what it is told. A permission more or less fails here.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  artifacts_dir = "./tests/fixtures"
}

run "functions" {
  assert {
    condition = {
      for name, function in {
        orders-api          = module.orders_api
        order-query         = module.order_query
        outbox-relay        = module.outbox_relay
        outbox-acknowledger = module.outbox_acknowledger
        outbox-sweeper      = module.outbox_sweeper
      } :
      name => [for s in jsondecode(function.role_policy_json).Statement : [s.Action, s.Resource] if s.Sid != "WriteOwnLogs"]
      } == {
      orders-api = [
        [["dynamodb:PutItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-orders"]],
        [["dynamodb:GetItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-orders"]],
      ]
      order-query  = [[["dynamodb:Query"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-order-view/index/byCustomer"]]]
      outbox-relay = []
      outbox-acknowledger = [
        [["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-outbox-acknowledger"]],
        [["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-outbox-acknowledger-dlq"]],
        [["dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-orders"]],
      ]
      outbox-sweeper = [
        [["dynamodb:Query"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-orders/index/unpublished"]],
        [["dynamodb:GetItem", "dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-orders"]],
        [["dynamodb:PutItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-orders"]],
        [["events:PutEvents"], ["arn:aws:events:eu-west-1:111122223333:event-bus/outbox-events"]],
      ]
    }
    error_message = "A function of the API or the outbox gained or lost a permission."
  }

  assert {
    condition     = jsondecode(module.orders_api.role_policy_json).Statement[1].Condition == { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
    error_message = "orders-api writes in transactions only: state and event together."
  }

  assert {
    condition = { for name, value in module.orders_api.environment : name => value if !startswith(name, "POWERTOOLS_") } == {
      ORDERS_TABLE_NAME        = "outbox-orders"
      OUTBOX_THRESHOLD_SECONDS = "60"
      REQUIRE_IDEMPOTENCY_KEY  = "false"
    }
    error_message = "orders-api is told its table, threshold and whether keys are required."
  }

  assert {
    condition = {
      for s in jsondecode(module.outbox_sweeper.role_policy_json).Statement : s.Sid => s.Condition if can(s.Condition)
    } == { RememberTheRun = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["SWEEPER"] } } }
    error_message = "The sweeper replaces no item but its own."
  }

  assert {
    condition = { for name, value in module.outbox_sweeper.environment : name => value if !startswith(name, "POWERTOOLS_") } == {
      ORDERS_TABLE_NAME        = "outbox-orders"
      EVENT_BUS_NAME           = "outbox-events"
      EVENT_SOURCE             = "orders"
      OUTBOX_THRESHOLD_SECONDS = "60"
      SWEEP_LIMIT              = "500"
    }
    error_message = "The sweeper is told its table, bus, source, threshold and limit."
  }

  assert {
    condition = { for name, value in module.outbox_acknowledger.environment : name => value if !endswith(name, "_URL") } == {
      POWERTOOLS_SERVICE_NAME      = "outbox-acknowledger"
      POWERTOOLS_METRICS_NAMESPACE = "Outbox"
      POWERTOOLS_LOG_LEVEL         = "INFO"
      ORDERS_TABLE_NAME            = "outbox-orders"
      EVENT_SOURCE                 = "orders"
      OUTBOX_RETENTION_DAYS        = "7"
    }
    error_message = "The acknowledger is told its table, source and how long events stay."
  }

  assert {
    condition     = { for name, value in module.order_query.environment : name => value if !startswith(name, "POWERTOOLS_") } == { ORDER_VIEW_TABLE_NAME = "outbox-order-view" }
    error_message = "order-query is told the read model's table."
  }
}

run "consumers" {
  assert {
    condition = {
      for name in ["fulfilment", "notifications", "order-view"] :
      name => [for s in jsondecode(module.consumers[name].role_policy_json).Statement : [s.Action, s.Resource] if s.Sid != "WriteOwnLogs"]
      } == {
      fulfilment = [
        [["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-fulfilment"]],
        [["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-fulfilment-dlq"]],
        [["dynamodb:PutItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-fulfilment"]],
      ]
      notifications = [
        [["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-notifications"]],
        [["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-notifications-dlq"]],
        [["dynamodb:GetItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-notifications"]],
        [["dynamodb:PutItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-notifications"]],
        [["sqs:ChangeMessageVisibility"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-notifications"]],
      ]
      order-view = [
        [["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-order-view"]],
        [["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-order-view-dlq"]],
        [["dynamodb:PutItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-order-view"]],
      ]
    }
    error_message = "A consumer gained or lost a permission."
  }

  assert {
    condition = {
      for s in jsondecode(module.consumers["notifications"].role_policy_json).Statement : s.Sid => s.Condition if can(s.Condition)
    } == { CommitHeadWithEffect = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } } }
    error_message = "in-order writes in transactions only: head and effect together."
  }

  assert {
    condition = { for name, value in module.consumers["notifications"].environment : name => value if !endswith(name, "_URL") } == {
      POWERTOOLS_SERVICE_NAME      = "notifications"
      POWERTOOLS_METRICS_NAMESPACE = "Outbox"
      POWERTOOLS_LOG_LEVEL         = "INFO"
      CONSUMER_NAME                = "notifications"
      CONSUMER_POLICY              = "in-order"
      CONSUMER_TABLE_NAME          = "outbox-notifications"
      INBOX_RETENTION_DAYS         = "45"
      LAG_OBJECTIVE_SECONDS        = "60"
      PARK_BUDGET_SECONDS          = "3600"
      IN_ORDER_START               = "beginning"
    }
    error_message = "An in-order consumer is told its policy, budget and start."
  }

  assert {
    condition     = !contains(keys(module.consumers["fulfilment"].environment), "PARK_BUDGET_SECONDS") && contains(keys(module.consumers["fulfilment"].environment), "DLQ_URL")
    error_message = "Only in-order consumers have a park budget; each knows its DLQ."
  }
}
