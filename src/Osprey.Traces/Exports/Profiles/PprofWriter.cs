using System.IO.Compression;
using Osprey.Traces.Exports.Protobuf;

namespace Osprey.Traces.Exports.Profiles;

/// <summary>Writes a profile in the form of pprof: profile.proto, compressed with gzip.</summary>
/// <remarks>
/// The schema is https://github.com/google/pprof/blob/main/proto/profile.proto. Samples are written as they come;
/// memory holds the distinct locations, functions and texts, which go at the file's end. The stream stays open.
/// </remarks>
internal sealed class PprofWriter : IDisposable
{
    private readonly GZipStream _output;
    private readonly ProtobufMessage _profile = new();
    private readonly ProtobufMessage _part = new();
    private readonly ProtobufMessage _label = new();
    private readonly OrderedDictionary<string, int> _texts = new() { [""] = 0 };
    private readonly OrderedDictionary<PprofFrame, ulong> _locations = [];
    private readonly OrderedDictionary<(string Name, string? File), ulong> _functions = [];
    private bool _isComplete;

    public PprofWriter(Stream output) => _output = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);

    // The numbers of the fields of Profile and of the messages in it.
    private enum ProfileField
    {
        SampleType = 1,
        Sample = 2,
        Location = 4,
        Function = 5,
        StringTable = 6,
        TimeNanos = 9,
        DurationNanos = 10,
        Comment = 13,
        DefaultSampleType = 14,
    }

    /// <summary>Declares a value that each sample has; the last one is what pprof shows at first.</summary>
    public void AddValueType(string type, string unit)
    {
        _part.Clear();
        _part.Add(1, Text(type));
        _part.Add(2, Text(unit));
        Write(ProfileField.SampleType);
        _profile.Add((int)ProfileField.DefaultSampleType, Text(type));
        Flush();
    }

    /// <summary>The number of a frame, by which samples name it.</summary>
    public ulong GetLocation(in PprofFrame frame)
    {
        if (_locations.TryGetValue(frame, out ulong location))
            return location;

        location = (ulong)_locations.Count + 1;
        _locations.Add(frame, location);
        return location;
    }

    /// <summary>Adds a sample.</summary>
    /// <param name="locations">The innermost first.</param>
    /// <param name="values">One for each value type.</param>
    /// <param name="labels">What else is known of it; a null text is left out.</param>
    public void AddSample(
        ReadOnlySpan<ulong> locations,
        ReadOnlySpan<ulong> values,
        params ReadOnlySpan<(string Key, string? Text)> labels
    )
    {
        _part.Clear();
        _part.AddPacked(1, locations);
        _part.AddPacked(2, values);
        foreach ((string key, string? text) in labels)
        {
            if (text is null)
                continue;

            _label.Clear();
            _label.Add(1, Text(key));
            _label.Add(2, Text(text));
            _part.Add(3, _label);
        }

        Write(ProfileField.Sample);
    }

    /// <summary>Ends the file.</summary>
    /// <param name="comment">What stands in its head.</param>
    /// <param name="nanoseconds">The time that it covers.</param>
    public void Complete(string comment, ulong nanoseconds)
    {
        _isComplete = true;
        foreach ((PprofFrame frame, ulong number) in _locations)
        {
            _label.Clear();
            _label.Add(1, Function((frame.Name, frame.File)));
            if (frame.Line > 0)
                _label.Add(2, (ulong)frame.Line);

            _part.Clear();
            _part.Add(1, number);
            _part.Add(3, frame.Address);
            _part.Add(4, _label);
            Write(ProfileField.Location);
        }

        foreach (((string name, string? file), ulong number) in _functions)
        {
            _part.Clear();
            _part.Add(1, number);
            _part.Add(2, Text(name));
            _part.Add(3, Text(name));
            if (file is not null)
                _part.Add(4, Text(file));

            Write(ProfileField.Function);
        }

        _profile.Add((int)ProfileField.DurationNanos, nanoseconds);
        _profile.Add((int)ProfileField.Comment, Text(comment));
        foreach (string text in _texts.Keys)
        {
            _profile.Add((int)ProfileField.StringTable, text);
            Flush();
        }

        Flush();
        _output.Dispose();
    }

    /// <summary>Gives up a file that was not completed.</summary>
    public void Dispose()
    {
        if (!_isComplete)
            _output.Dispose();
    }

    private ulong Function((string, string?) function)
    {
        if (!_functions.TryGetValue(function, out ulong number))
            _functions.Add(function, number = (ulong)_functions.Count + 1);

        return number;
    }

    private ulong Text(string text)
    {
        if (!_texts.TryGetValue(text, out int index))
            _texts.Add(text, index = _texts.Count);

        return (ulong)index;
    }

    private void Write(ProfileField field)
    {
        _profile.Add((int)field, _part);
        Flush();
    }

    private void Flush()
    {
        _output.Write(_profile.Written);
        _profile.Clear();
    }
}
