namespace Osprey.Packets.Transport;

/// <summary>IANA's numbers of the TCP options that have a text of their own.</summary>
internal static class TcpOptionKind
{
    public const byte End = 0;
    public const byte NoOperation = 1;
    public const byte MaximumSegmentSize = 2;
    public const byte WindowScale = 3;
    public const byte SackPermitted = 4;
    public const byte Sack = 5;
    public const byte Echo = 6;
    public const byte EchoReply = 7;
    public const byte Timestamp = 8;
    public const byte ConnectionCount = 11;
    public const byte ConnectionCountNew = 12;
    public const byte ConnectionCountEcho = 13;
    public const byte Md5Signature = 19;
    public const byte Scps = 20;
    public const byte UserTimeout = 28;
    public const byte Authentication = 29;
    public const byte Multipath = 30;
    public const byte FastOpen = 34;
    public const byte Experiment = 254;
}
