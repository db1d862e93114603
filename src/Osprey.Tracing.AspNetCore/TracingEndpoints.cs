using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Osprey.Tracing.AspNetCore;

/// <summary>Adds OSv's REST API for tracepoints to a service.</summary>
public static class TracingEndpoints
{
    /// <summary>
    /// Answers requests below <c>/trace</c> as an OSv guest does, so that <c>osprey trace status</c>, <c>enable</c>,
    /// <c>count</c>, <c>download</c> and OSv's own tools work with the service.
    /// </summary>
    /// <param name="endpoints">The service's endpoints.</param>
    /// <param name="configure">Says who may use them; without it, clients of the same host.</param>
    /// <returns>The endpoint, for conventions such as authorization.</returns>
    public static IEndpointConventionBuilder MapOspreyTracing(
        this IEndpointRouteBuilder endpoints,
        Action<TracingEndpointOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        _ = Tracing.Tracepoints; // what the environment asks for begins now, not with the first request
        var options = new TracingEndpointOptions();
        configure?.Invoke(options);
        var handler = new TraceRequestHandler(options);
        return endpoints.Map("/trace/{**path}", handler.HandleAsync);
    }
}
