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
      routes        = ["GET /customers/{customerId}/orders", "HEAD /customers/{path+}"]
    }
  }
  throttling    = { rate_limit = 100, burst_limit = 200 }
  authorization = { type = "AWS_IAM" }
}

run "defaults" {
  module {
    source = "./modules/http-api"
  }

  assert {
    condition = { for key, permission in aws_lambda_permission.this : key => [permission.statement_id, permission.function_name, permission.qualifier, permission.principal, permission.source_arn] } == {
      "POST /orders"                       = ["Api-a1b2c3d4e5-POST-orders", "outbox-orders-api", "live", "apigateway.amazonaws.com", "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*/POST/orders"]
      "PATCH /orders/{orderId}"            = ["Api-a1b2c3d4e5-PATCH-orders-orderId", "outbox-orders-api", "live", "apigateway.amazonaws.com", "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*/PATCH/orders/{orderId}"]
      "GET /customers/{customerId}/orders" = ["Api-a1b2c3d4e5-GET-customers-customerId-orders", "outbox-order-query", "live", "apigateway.amazonaws.com", "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*/GET/customers/{customerId}/orders"]
      "HEAD /customers/{path+}"            = ["Api-a1b2c3d4e5-HEAD-customers-path", "outbox-order-query", "live", "apigateway.amazonaws.com", "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*/HEAD/customers/{path+}"]
    }
    error_message = "Each route of this API, and nothing else, may invoke its function."
  }

  assert {
    condition = { for key, route in aws_apigatewayv2_route.this : route.route_key => route.target } == {
      "POST /orders"                       = "integrations/${aws_apigatewayv2_integration.this["orders-api"].id}"
      "PATCH /orders/{orderId}"            = "integrations/${aws_apigatewayv2_integration.this["orders-api"].id}"
      "GET /customers/{customerId}/orders" = "integrations/${aws_apigatewayv2_integration.this["order-query"].id}"
      "HEAD /customers/{path+}"            = "integrations/${aws_apigatewayv2_integration.this["order-query"].id}"
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
      ["$context.identity.sourceIp", "$context.identity.userAgent", "$context.path", "$context.identity.caller", "$context.identity.user", "$context.identity.userArn", "$context.authorizer.principalId", "$context.authorizer.claims.sub", "$context.authorizer.error"],
    )) == 0
    error_message = "The access log holds no personal data: ids of customers are in the path."
  }

  assert {
    condition     = alltrue([for route in aws_apigatewayv2_route.this : route.authorization_type == "AWS_IAM" && route.authorization_scopes == null]) && length(aws_apigatewayv2_authorizer.jwt) == 0
    error_message = "Every route asks for a signature; a JWT authorizer is not needed."
  }

  assert {
    condition     = length(aws_apigatewayv2_api.this.cors_configuration) == 0 && length(aws_apigatewayv2_stage.default.route_settings) == 0
    error_message = "Without cors and throttling.routes nothing is said of either."
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

run "route_closed_for_all" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    throttling = { rate_limit = 10, burst_limit = 10, routes = { "POST /orders" = { rate_limit = 10, burst_limit = 0 } } }
  }
  expect_failures = [var.throttling]
}

run "limits_of_an_unknown_route" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    throttling = { rate_limit = 10, burst_limit = 10, routes = { "GET /nothing" = { rate_limit = 10, burst_limit = 10 } } }
  }
  expect_failures = [var.throttling]
}

run "limits_of_one_route" {
  module {
    source = "./modules/http-api"
  }
  variables {
    throttling = { rate_limit = 100, burst_limit = 200, routes = { "POST /orders" = { rate_limit = 5, burst_limit = 10 } } }
  }

  assert {
    condition = [for settings in aws_apigatewayv2_stage.default.route_settings : [settings.route_key, settings.throttling_rate_limit, settings.throttling_burst_limit]] == [
      ["POST /orders", 5, 10]
    ]
    error_message = "The route has limits of its own."
  }
}

run "tokens" {
  module {
    source = "./modules/http-api"
  }
  variables {
    authorization = {
      type         = "JWT"
      issuer       = "https://issuer.example.com/pool"
      audience     = ["orders"]
      write_scopes = ["orders:write"]
    }
  }

  assert {
    condition = {
      type     = aws_apigatewayv2_authorizer.jwt[0].authorizer_type
      source   = one(aws_apigatewayv2_authorizer.jwt[0].identity_sources)
      issuer   = aws_apigatewayv2_authorizer.jwt[0].jwt_configuration[0].issuer
      audience = one(aws_apigatewayv2_authorizer.jwt[0].jwt_configuration[0].audience)
      } == {
      type     = "JWT"
      source   = "$request.header.Authorization"
      issuer   = "https://issuer.example.com/pool"
      audience = "orders"
    }
    error_message = "The authorizer asks for a token of this issuer for this audience."
  }

  assert {
    condition     = alltrue([for route in aws_apigatewayv2_route.this : route.authorization_type == "JWT" && route.authorizer_id == aws_apigatewayv2_authorizer.jwt[0].id])
    error_message = "Every route asks for a token."
  }

  assert {
    condition = { for key, route in aws_apigatewayv2_route.this : key => route.authorization_scopes == null ? "none" : one(route.authorization_scopes) } == {
      "POST /orders"                       = "orders:write"
      "PATCH /orders/{orderId}"            = "orders:write"
      "GET /customers/{customerId}/orders" = "none"
      "HEAD /customers/{path+}"            = "none"
    }
    error_message = "Writing needs a scope of its own, reading asks for read_scopes."
  }
}

run "open" {
  module {
    source = "./modules/http-api"
  }
  variables {
    authorization = { type = "NONE" }
  }

  assert {
    condition     = alltrue([for route in aws_apigatewayv2_route.this : route.authorization_type == "NONE"])
    error_message = "NONE asks nobody."
  }
}

run "unknown_authorization" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    authorization = { type = "CUSTOM" }
  }
  expect_failures = [var.authorization]
}

run "tokens_of_nobody" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    authorization = { type = "JWT", audience = ["orders"] }
  }
  expect_failures = [var.authorization]
}

run "tokens_over_plain_http" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    authorization = { type = "JWT", issuer = "http://issuer.example.com", audience = ["orders"] }
  }
  expect_failures = [var.authorization]
}

run "tokens_for_anybody" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    authorization = { type = "JWT", issuer = "https://issuer.example.com" }
  }
  expect_failures = [var.authorization]
}

run "scopes_without_tokens" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    authorization = { type = "AWS_IAM", write_scopes = ["orders:write"] }
  }
  expect_failures = [var.authorization]
}

run "too_many_scopes" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    authorization = { type = "JWT", issuer = "https://issuer.example.com", audience = ["orders"], read_scopes = [for number in range(11) : "scope-${number}"] }
  }
  expect_failures = [var.authorization]
}

run "browser_applications" {
  module {
    source = "./modules/http-api"
  }
  variables {
    cors = { allow_origins = ["https://app.example.com"], allow_methods = ["GET", "HEAD", "PATCH", "POST"], expose_headers = ["etag"], allow_credentials = true, max_age_seconds = 60 }
  }

  assert {
    condition = {
      origins     = one(aws_apigatewayv2_api.this.cors_configuration[0].allow_origins)
      methods     = sort(aws_apigatewayv2_api.this.cors_configuration[0].allow_methods)
      headers     = sort(aws_apigatewayv2_api.this.cors_configuration[0].allow_headers)
      exposed     = one(aws_apigatewayv2_api.this.cors_configuration[0].expose_headers)
      credentials = aws_apigatewayv2_api.this.cors_configuration[0].allow_credentials
      age         = aws_apigatewayv2_api.this.cors_configuration[0].max_age
      } == {
      origins     = "https://app.example.com"
      methods     = tolist(["GET", "HEAD", "PATCH", "POST"])
      headers     = tolist(["authorization", "content-type"])
      exposed     = "etag"
      credentials = true
      age         = 60
    }
    error_message = "The API answers preflights for this origin and these methods."
  }
}

run "origin_with_a_path" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    cors = { allow_origins = ["https://app.example.com/"] }
  }
  expect_failures = [var.cors]
}

run "credentials_for_any_origin" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    cors = { allow_origins = ["*"], allow_credentials = true }
  }
  expect_failures = [var.cors]
}

run "preflights_remembered_for_ever" {
  command = plan
  module {
    source = "./modules/http-api"
  }
  variables {
    cors = { allow_origins = ["https://app.example.com"], max_age_seconds = 86401 }
  }
  expect_failures = [var.cors]
}
