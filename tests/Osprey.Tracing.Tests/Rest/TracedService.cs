using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Osprey.Tracing.AspNetCore;

namespace Osprey.Tracing.Tests.Rest;

/// <summary>A web service with the tracing endpoints, on a free port of the loopback interface.</summary>
public sealed class TracedService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TracedService(WebApplication app)
    {
        _app = app;
        string address = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        Url = new Uri(address);
        Client = new HttpClient { BaseAddress = Url, Timeout = Timeout.InfiniteTimeSpan };
    }

    public Uri Url { get; }

    public HttpClient Client { get; }

    public static async Task<TracedService> StartAsync(Action<TracingEndpointOptions>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.UseRouting();
        app.MapOspreyTracing(configure);
        await app.StartAsync();
        return new TracedService(app);
    }

    /// <summary>Asks, and returns the status with the body.</summary>
    public async Task<string> AskAsync(HttpMethod method, string path, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using HttpResponseMessage reply = await Client.SendAsync(request);
        return $"{(int)reply.StatusCode} {await reply.Content.ReadAsStringAsync()}";
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
