namespace Osprey.Tests.Packets.Captures;

/// <summary>The forms of capture files that tests build.</summary>
public enum CaptureForm
{
    PcapMicroseconds,
    PcapMicrosecondsBigEndian,
    PcapNanoseconds,
    PcapNanosecondsBigEndian,
    Pcapng,
    PcapngBigEndian,
}
