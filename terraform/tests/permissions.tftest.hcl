# Every function of the stack: what it may do, and what it is told. A permission more or less fails here.

# Its values are known in a plan, so that policies made of them can be looked at without an apply.
mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  artifacts_dir = "./tests/fixtures"
  carrier_url   = "https://carrier.example.com"
  mail_url      = "https://mail.example.com"
}

run "every_function" {
  command = plan

  assert {
    condition = {
      for name, function in {
        orders-api          = module.orders_api
        order-query         = module.order_query[0]
        outbox-relay        = module.outbox.functions["outbox-relay"]
        outbox-acknowledger = module.outbox.functions["outbox-acknowledger"]
        outbox-sweeper      = module.outbox.functions["outbox-sweeper"]
      } :
      name => [for s in jsondecode(function.role_policy_json).Statement : [s.Action, s.Resource] if s.Sid != "WriteOwnLogs"]
      } == {
      orders-api = [
        [["dynamodb:PutItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-orders"]],
        [["dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-orders"]],
        [["dynamodb:GetItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-orders"]],
        [["dynamodb:PutItem", "dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]],
        [["dynamodb:GetItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]],
      ]
      order-query  = [[["dynamodb:Query"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-order-view/index/byCustomer"]]]
      outbox-relay = []
      outbox-acknowledger = [
        [["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-outbox-acknowledger"]],
        [["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-outbox-acknowledger-dlq"]],
        [["dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]],
      ]
      outbox-sweeper = [
        [["dynamodb:Query"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox/index/unpublished"]],
        [["dynamodb:GetItem", "dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]],
        [["dynamodb:PutItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]],
        [["events:PutEvents"], ["arn:aws:events:eu-west-1:111122223333:event-bus/outbox-events"]],
        [["lambda:InvokeFunction"], ["arn:aws:lambda:eu-west-1:111122223333:function:outbox-outbox-sweeper:live"]],
      ]
    }
    error_message = "A function of the API or the outbox gained or lost a permission."
  }

  assert {
    condition = {
      for s in jsondecode(module.orders_api.role_policy_json).Statement : s.Sid => s.Condition if can(s.Condition)
      } == {
      CommitOrder  = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
      CommitChange = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
      CommitEvents = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
    }
    error_message = "orders-api writes in transactions only: state and event together."
  }

  assert {
    condition = { for name, value in module.orders_api.environment : name => value if !startswith(name, "POWERTOOLS_") } == {
      ORDERS_TABLE_NAME        = "outbox-orders"
      OUTBOX_TABLE_NAME        = "outbox-outbox"
      EVENT_SOURCE             = "orders"
      OUTBOX_THRESHOLD_SECONDS = "60"
      REQUIRE_IDEMPOTENCY_KEY  = "false"
    }
    error_message = "orders-api is told its tables, source, threshold and whether keys are required."
  }

  assert {
    condition = {
      for s in jsondecode(module.outbox.functions["outbox-sweeper"].role_policy_json).Statement : s.Sid => s.Condition if can(s.Condition)
    } == { RememberTheRun = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["#sweeper"] } } }
    error_message = "The sweeper replaces no item but its own."
  }

  assert {
    condition = { for name, value in module.outbox.functions["outbox-sweeper"].environment : name => value if !startswith(name, "POWERTOOLS_") } == {
      OUTBOX_TABLE_NAME        = "outbox-outbox"
      EVENT_BUS_NAME           = "outbox-events"
      EVENT_SOURCE             = "orders"
      OUTBOX_THRESHOLD_SECONDS = "60"
      SWEEP_START              = "500"
      SWEEP_CONCURRENCY        = "10"
    }
    error_message = "The sweeper is told its table, bus, source, threshold, and how much it may do."
  }

  assert {
    condition = { for name, value in module.outbox.functions["outbox-acknowledger"].environment : name => value if !endswith(name, "_URL") } == {
      POWERTOOLS_SERVICE_NAME      = "outbox-acknowledger"
      POWERTOOLS_METRICS_NAMESPACE = "Outbox"
      POWERTOOLS_LOG_LEVEL         = "INFO"
      OUTBOX_TABLE_NAME            = "outbox-outbox"
      EVENT_SOURCE                 = "orders"
      OUTBOX_RETENTION_DAYS        = "7"
    }
    error_message = "The acknowledger is told its table, source and how long events stay."
  }

  assert {
    condition     = { for name, value in module.order_query[0].environment : name => value if !startswith(name, "POWERTOOLS_") } == { ORDER_VIEW_TABLE_NAME = "outbox-order-view" }
    error_message = "order-query is told the read model's table."
  }

  assert {
    condition = {
      for name in ["fulfilment", "notifications", "order-progress", "order-view"] :
      name => [for s in jsondecode(module.consumers[name].role_policy_json).Statement : [s.Action, s.Resource] if s.Sid != "WriteOwnLogs"]
      } == {
      fulfilment = [
        [["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-fulfilment"]],
        [["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-fulfilment-dlq"]],
        [["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-fulfilment"]],
        [["sqs:ChangeMessageVisibility"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-fulfilment"]],
        [["dynamodb:PutItem", "dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]],
        [["dynamodb:GetItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]],
      ]
      notifications = [
        [["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-notifications"]],
        [["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-notifications-dlq"]],
        [["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-notifications"]],
        [["sqs:ChangeMessageVisibility"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-notifications"]],
        [["dynamodb:GetItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]],
      ]
      order-progress = [
        [["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-order-progress"]],
        [["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-order-progress-dlq"]],
        [["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-order-progress"]],
        [["sqs:ChangeMessageVisibility"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-order-progress"]],
        [["dynamodb:PutItem", "dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]],
        [["dynamodb:GetItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]],
        [["dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-orders"]],
        [["dynamodb:GetItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-orders"]],
        [["dynamodb:ConditionCheckItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-orders"]],
      ]
      order-view = [
        [["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-order-view"]],
        [["sqs:SendMessage"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-order-view-dlq"]],
        [["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-order-view"]],
        [["sqs:ChangeMessageVisibility"], ["arn:aws:sqs:eu-west-1:111122223333:outbox-order-view"]],
      ]
    }
    error_message = "A consumer gained or lost a permission."
  }

  assert {
    condition = {
      for s in jsondecode(module.consumers["order-progress"].role_policy_json).Statement : s.Sid => s.Condition if can(s.Condition)
      } == {
      CommitEvents = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
      CommitChange = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
    }
    error_message = "What a consumer shares with others it writes in transactions only."
  }

  assert {
    condition = {
      for consumer in ["fulfilment", "notifications", "order-progress", "order-view"] :
      consumer => { for name, value in module.consumers[consumer].environment : name => value if !endswith(name, "_URL") && !startswith(name, "POWERTOOLS_") }
      } == {
      fulfilment = {
        CONSUMER_NAME            = "fulfilment"
        CONSUMER_POLICY          = "once"
        CONSUMER_TABLE_NAME      = "outbox-fulfilment"
        MAX_ATTEMPTS             = "20"
        INBOX_RETENTION_DAYS     = "45"
        LAG_OBJECTIVE_SECONDS    = "60"
        OUTBOX_TABLE_NAME        = "outbox-outbox"
        EVENT_SOURCE             = "orders"
        OUTBOX_THRESHOLD_SECONDS = "60"
      }
      notifications = {
        CONSUMER_NAME            = "notifications"
        CONSUMER_POLICY          = "in-order"
        CONSUMER_TABLE_NAME      = "outbox-notifications"
        MAX_ATTEMPTS             = "20"
        INBOX_RETENTION_DAYS     = "45"
        LAG_OBJECTIVE_SECONDS    = "60"
        PARK_BUDGET_SECONDS      = "3600"
        IN_ORDER_START           = "beginning"
        SOURCE_OUTBOX_TABLE_NAME = "outbox-outbox"
      }
      order-progress = {
        CONSUMER_NAME            = "order-progress"
        CONSUMER_POLICY          = "once"
        CONSUMER_TABLE_NAME      = "outbox-order-progress"
        MAX_ATTEMPTS             = "20"
        INBOX_RETENTION_DAYS     = "45"
        LAG_OBJECTIVE_SECONDS    = "60"
        OUTBOX_TABLE_NAME        = "outbox-outbox"
        EVENT_SOURCE             = "orders"
        OUTBOX_THRESHOLD_SECONDS = "60"
        ORDERS_TABLE_NAME        = "outbox-orders"
      }
      order-view = {
        CONSUMER_NAME         = "order-view"
        CONSUMER_POLICY       = "latest"
        CONSUMER_TABLE_NAME   = "outbox-order-view"
        MAX_ATTEMPTS          = "20"
        INBOX_RETENTION_DAYS  = "45"
        LAG_OBJECTIVE_SECONDS = "60"
      }
    }
    error_message = "A consumer is told its policy, table and limits, and what it needs besides; only in-order ones have a park budget."
  }

  assert {
    condition = {
      for name in ["fulfilment", "notifications", "order-progress", "order-view"] :
      name => sort([for variable in keys(module.consumers[name].environment) : variable if endswith(variable, "_URL")])
      } == {
      fulfilment     = tolist(["CARRIER_URL", "DLQ_URL", "QUEUE_URL"])
      notifications  = tolist(["DLQ_URL", "MAIL_URL", "QUEUE_URL"])
      order-progress = tolist(["DLQ_URL", "QUEUE_URL"])
      order-view     = tolist(["DLQ_URL", "QUEUE_URL"])
    }
    error_message = "Each knows its queue and its DLQ, and the partner that it calls."
  }

  assert {
    condition     = module.consumers["fulfilment"].environment["POWERTOOLS_SERVICE_NAME"] == "fulfilment"
    error_message = "A consumer's logs and metrics are under its name."
  }
}
