namespace Osprey.Traces.Formats.TextEvents;

/// <summary>An event as a line of text gives it.</summary>
internal sealed class TextEvent
{
    /// <summary>Most frames that are kept of a stack.</summary>
    private const int MaxFrames = 256;

    /// <summary>The event's name, without the group that it is in.</summary>
    public string Name { get; set; } = "";

    /// <summary>The name of the thread.</summary>
    public string Thread { get; set; } = "";

    /// <summary>The number of the thread.</summary>
    public ulong ThreadId { get; set; }

    /// <summary>The number of the CPU; 0xffffffff for none.</summary>
    public uint Cpu { get; set; } = uint.MaxValue;

    /// <summary>The time in nanoseconds.</summary>
    public ulong Time { get; set; }

    /// <summary>The arguments, in the order of the line.</summary>
    public List<(string Key, string Value)> Arguments { get; } = [];

    /// <summary>The addresses of the stack, innermost first.</summary>
    public List<ulong> Frames { get; } = [];

    /// <summary>Adds a frame to the stack.</summary>
    public void AddFrame(ulong address)
    {
        if (Frames.Count < MaxFrames)
            Frames.Add(address);
    }

    /// <summary>Forgets the arguments and the stack.</summary>
    public void KeepCpuAlone()
    {
        Arguments.Clear();
        Frames.Clear();
    }

    /// <summary>Finds an argument by its name.</summary>
    public string? Find(string key)
    {
        foreach ((string name, string value) in Arguments)
        {
            if (name == key)
                return value;
        }

        return null;
    }
}
