namespace Osprey.Tracing.Tests.Rest;

/// <summary>One service for all tests that need nothing special of it.</summary>
public sealed class OpenService : IAsyncLifetime
{
    public TracedService Service { get; private set; } = null!;

    public async Task InitializeAsync() => Service = await TracedService.StartAsync();

    public Task DisposeAsync() => Service.DisposeAsync().AsTask();
}
