mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name = "outbox"
  functions = {
    orders-api = {
      function_name = "outbox-orders-api"
      alias_name    = "live"
      invoke_arn    = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:outbox-orders-api:live/invocations"
      routes        = ["POST /orders", "PATCH /orders/{orderId}"]
    }
    order-query = {
      function_name = "outbox-order-query"
      alias_name    = "live"
      invoke_arn    = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:outbox-order-query:live/invocations"
      routes        = ["GET /customers/{customerId}/orders"]
    }
  }
  throttling = { rate_limit = 100, burst_limit = 200 }
}

run "defaults" {
  module {
    source = "./modules/http-api"
  }

  assert {
    condition = { for key, permission in aws_lambda_permission.this : key => [permission.statement_id, permission.function_name, permission.qualifier, permission.principal, permission.source_arn] } == {
      "POST /orders"                       = ["Api-POST-orders", "outbox-orders-api", "live", "apigateway.amazonaws.com", "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*/POST/orders"]
      "PATCH /orders/{orderId}"            = ["Api-PATCH-orders-orderId", "outbox-orders-api", "live", "apigateway.amazonaws.com", "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*/PATCH/orders/{orderId}"]
      "GET /customers/{customerId}/orders" = ["Api-GET-customers-customerId-orders", "outbox-order-query", "live", "apigateway.amazonaws.com", "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*/GET/customers/{customerId}/orders"]
    }
    error_message = "Each route of this API, and nothing else, may invoke its function."
  }

  assert {
    condition = { for key, route in aws_apigatewayv2_route.this : route.route_key => route.target } == {
      "POST /orders"                       = "integrations/${aws_apigatewayv2_integration.this["orders-api"].id}"
      "PATCH /orders/{orderId}"            = "integrations/${aws_apigatewayv2_integration.this["orders-api"].id}"
      "GET /customers/{customerId}/orders" = "integrations/${aws_apigatewayv2_integration.this["order-query"].id}"
    }
    error_message = "Each route leads to its function."
  }

  assert {
    condition     = alltrue([for integration in aws_apigatewayv2_integration.this : integration.payload_format_version == "2.0"])
    error_message = "Functions get payload format 2.0."
  }

  assert {
    condition = {
      name  = aws_apigatewayv2_stage.default.name
      auto  = aws_apigatewayv2_stage.default.auto_deploy
      rate  = aws_apigatewayv2_stage.default.default_route_settings[0].throttling_rate_limit
      burst = aws_apigatewayv2_stage.default.default_route_settings[0].throttling_burst_limit
      log   = aws_cloudwatch_log_group.access.name
      } == {
      name  = "$default"
      auto  = true
      rate  = 100
      burst = 200
      log   = "/aws/vendedlogs/apis/outbox"
    }
    error_message = "The default stage throttles and logs."
  }

  assert {
    condition = length(setintersection(
      values(jsondecode(aws_apigatewayv2_stage.default.access_log_settings[0].format)),
      ["$context.identity.sourceIp", "$context.identity.userAgent", "$context.path", "$context.identity.caller", "$context.authorizer.principalId"],
    )) == 0
    error_message = "The access log holds no personal data: ids of customers are in the path."
  }

  assert {
    condition     = output.api_endpoint == "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"
    error_message = "The endpoint is the API's own, not the stage's."
  }
}

run "one_route_twice" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    functions = {
      a = { function_name = "a", alias_name = "live", invoke_arn = "arn:a", routes = ["GET /orders"] }
      b = { function_name = "b", alias_name = "live", invoke_arn = "arn:b", routes = ["GET /orders"] }
    }
  }
  expect_failures = [var.functions]
}

run "route_without_method" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    functions = {
      a = { function_name = "a", alias_name = "live", invoke_arn = "arn:a", routes = ["/orders"] }
    }
  }
  expect_failures = [var.functions]
}

run "closed_for_all" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    throttling = { rate_limit = 0, burst_limit = 10 }
  }
  expect_failures = [var.throttling]
}
