using System.Text;

namespace Osprey.Tests.Builders.Rest;

/// <summary>A reply of a fake server, byte for byte, and what the server does after it.</summary>
internal sealed record FakeRestReply(byte[] Bytes, FakeRestReply.End Then = FakeRestReply.End.Close)
{
    public enum End
    {
        Close,
        Reset,
        Stall,
        RepeatForEver,
    }

    public static FakeRestReply Text(string bytes, End then = End.Close) => new(Encoding.Latin1.GetBytes(bytes), then);

    /// <summary>A reply with the headers that OSv sends, in its order.</summary>
    public static FakeRestReply Of(
        int status,
        byte[] body,
        string type = "application/json",
        long? length = null,
        bool withLength = true,
        End then = End.Close
    )
    {
        string reason = status switch
        {
            200 => "OK",
            400 => "Bad Request",
            404 => "Not Found",
            _ => "Internal Server Error",
        };
        string head =
            $"HTTP/1.0 {status} {reason}\r\n"
            + (withLength ? $"Content-Length: {length ?? body.Length}\r\n" : "")
            + $"Content-Type: {type}\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Max-Age: 1000\r\n\r\n";
        return new FakeRestReply([.. Encoding.Latin1.GetBytes(head), .. body], then);
    }

    public static FakeRestReply Json(string body, int status = 200) => Of(status, Encoding.UTF8.GetBytes(body));

    public static FakeRestReply Error(int status, string message) =>
        Json($"{{\"message\": \"{message}\", \"code\": {status}}}", status);
}
