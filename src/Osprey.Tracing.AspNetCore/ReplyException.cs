namespace Osprey.Tracing.AspNetCore;

/// <summary>A request that can't be answered, with the status and the reason that the client is told.</summary>
internal sealed class ReplyException(int status, string message) : Exception(message)
{
    public int Status => status;
}
