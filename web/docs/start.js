// The API's description, drawn by Swagger UI from the server's own /openapi.json.
window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  tryItOutEnabled: false,
  validatorUrl: null,
  requestInterceptor: (request) => {
    request.headers["x-metachat-csrf"] = "1";
    return request;
  },
});
