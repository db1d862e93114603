using Osprey.Rest.Connection;

namespace Osprey.Rest.Dumps;

/// <summary>The reply to <c>GET /trace/buffers</c>, read while it arrives.</summary>
/// <remarks>Failures are <see cref="GuestRestException"/>s.</remarks>
internal sealed class GuestDump : IDisposable
{
    private readonly HttpResponseMessage _reply;
    private readonly Stream _body;
    private readonly Silence _silence;
    private readonly TimeSpan _readTimeout;
    private readonly Func<Exception, GuestRestException?> _explain;

    public GuestDump(
        HttpResponseMessage reply,
        Stream body,
        Silence silence,
        TimeSpan readTimeout,
        Func<Exception, GuestRestException?> explain
    )
    {
        _reply = reply;
        _body = body;
        _silence = silence;
        _readTimeout = readTimeout;
        _explain = explain;
    }

    /// <summary>The size of the reply in bytes as the server announces it; null when it does not.</summary>
    public long? Length => _reply.Content.Headers.ContentLength;

    /// <summary>Reads the bytes that have arrived; waits for at least one.</summary>
    /// <returns>The number of bytes read into the buffer; 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        _silence.Restart(_readTimeout);
        try
        {
            return await _body.ReadAsync(buffer, _silence.Token);
        }
        catch (Exception e) when (_explain(e) is { } explained)
        {
            throw explained;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _silence.Dispose();
        _body.Dispose();
        _reply.Dispose();
    }
}
