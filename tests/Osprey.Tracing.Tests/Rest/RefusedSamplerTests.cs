using Microsoft.AspNetCore.Http;
using Osprey.Tracing.AspNetCore;
using Osprey.Tracing.Tests.Sampling;

namespace Osprey.Tracing.Tests.Rest;

/// <summary>A kernel that lets nobody take samples: the request is answered with 501 and the reason.</summary>
public sealed class RefusedSamplerTests
{
    [Theory]
    [InlineData(1)] // EPERM: a container's filter
    [InlineData(13)] // EACCES: kernel.perf_event_paranoid
    [InlineData(38)] // ENOSYS: a kernel without it
    [InlineData(24)] // EMFILE: no file is left
    public void Sampler_ThatTheKernelRefuses_Is501WithTheReason(int error)
    {
        int status = 0;
        string reply = "";
        string thrown = "";
        RestrictedThread.Run(
            error,
            () =>
            {
                thrown = Assert.Throws<NotSupportedException>(() => Sampler.Start(1000)).Message;
                (status, reply) = Ask("/trace/sampler", "?freq=1000");
            }
        );

        Assert.Equal((501, $"{{\"message\": \"{thrown}\", \"code\": 501}}"), (status, reply));
        Assert.NotEqual("", thrown);
        Assert.Equal(0, Sampler.Frequency);
        TracepointInfo tick = Tracing.Tracepoints.Single(info => info.Name == "sampler_tick");
        Assert.False(tick.IsEnabled);
    }

    /// <summary>Asks the handler on the thread that calls: a server would answer on another one.</summary>
    private static (int Status, string Reply) Ask(string path, string query)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.Path = path;
        context.Request.QueryString = new QueryString(query);
        context.Request.Host = new HostString("localhost");
        context.Request.RouteValues["path"] = path["/trace/".Length..];
        using var body = new MemoryStream();
        context.Response.Body = body;
        Task answered = new TraceRequestHandler(new TracingEndpointOptions()).HandleAsync(context);
        Assert.True(answered.IsCompletedSuccessfully, "nothing is waited for");
        return (context.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
