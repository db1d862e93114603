using System.Text.Encodings.Web;
using System.Text.Json;

namespace Osprey.Traces.Exports.Profiles;

/// <summary>Writes sampled profiles, one a thread for instance, as a file for speedscope.</summary>
/// <remarks>
/// The format is https://www.speedscope.app/file-format-schema.json. Samples are written as they come: memory holds the
/// distinct frames, which go at the file's end, and the weights of one profile. The stream stays open.
/// </remarks>
public sealed class SpeedscopeWriter : IDisposable
{
    private const string Schema = "https://www.speedscope.app/file-format-schema.json";
    private const int FlushSize = 64 * 1024;

    private readonly Utf8JsonWriter _json;
    private readonly Dictionary<(string Name, string? File, int Line), int> _frameIndexes = [];
    private readonly List<(string Name, string? File, int Line)> _frames = [];
    private readonly List<long> _weights = [];
    private bool _isInProfile;
    private bool _isComplete;

    /// <summary>Starts a file.</summary>
    /// <param name="output">Where to; stays open.</param>
    /// <param name="name">What speedscope shows as the file's title.</param>
    public SpeedscopeWriter(Stream output, string name)
    {
        _json = new Utf8JsonWriter(
            output,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
        _json.WriteStartObject();
        _json.WriteString("$schema"u8, Schema);
        _json.WriteString("name"u8, name);
        _json.WriteString("exporter"u8, "osprey"u8);
        _json.WriteStartArray("profiles"u8);
    }

    /// <summary>The index of a frame, by which samples name it; the same for the same frame.</summary>
    /// <param name="name">The function.</param>
    /// <param name="file">Its source file, where known.</param>
    /// <param name="line">Its line, 0 where not known.</param>
    public int GetFrame(string name, string? file = null, int line = 0)
    {
        (string, string?, int) frame = (name, file, line);
        if (_frameIndexes.TryGetValue(frame, out int index))
            return index;

        index = _frames.Count;
        _frames.Add(frame);
        _frameIndexes.Add(frame, index);
        return index;
    }

    /// <summary>Starts a profile; the one before ends.</summary>
    /// <param name="name">What it is called in the list of profiles.</param>
    /// <param name="unit">What the weights count.</param>
    public void BeginProfile(string name, SpeedscopeUnit unit)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        EndProfile();
        _isInProfile = true;
        _json.WriteStartObject();
        _json.WriteString("type"u8, "sampled"u8);
        _json.WriteString("name"u8, name);
        _json.WriteString(
            "unit"u8,
            unit switch
            {
                SpeedscopeUnit.Nanoseconds => "nanoseconds"u8,
                SpeedscopeUnit.Bytes => "bytes"u8,
                _ => "none"u8,
            }
        );
        _json.WriteStartArray("samples"u8);
    }

    /// <summary>Adds a sample to the profile.</summary>
    /// <param name="frames">Indexes from <see cref="GetFrame"/>, the outermost function first.</param>
    /// <param name="weight">How much it counts.</param>
    public void AddSample(ReadOnlySpan<int> frames, long weight)
    {
        if (!_isInProfile)
            throw new InvalidOperationException("a sample belongs to a profile");

        _json.WriteStartArray();
        foreach (int frame in frames)
            _json.WriteNumberValue(frame);

        _json.WriteEndArray();
        _weights.Add(weight);
        if (_json.BytesPending >= FlushSize)
            _json.Flush();
    }

    /// <summary>Ends the file. Nothing can be added afterwards.</summary>
    public void Complete()
    {
        if (_isComplete)
            return;

        EndProfile();
        _isComplete = true;
        _json.WriteEndArray();
        _json.WriteStartObject("shared"u8);
        _json.WriteStartArray("frames"u8);
        foreach ((string name, string? file, int line) in _frames)
            WriteFrame(name, file, line);

        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
    }

    /// <summary>Ends the file.</summary>
    public void Dispose()
    {
        Complete();
        _json.Dispose();
    }

    private void WriteFrame(string name, string? file, int line)
    {
        _json.WriteStartObject();
        _json.WriteString("name"u8, name);
        if (file is not null)
            _json.WriteString("file"u8, file);

        if (line > 0)
            _json.WriteNumber("line"u8, line);

        _json.WriteEndObject();
    }

    private void EndProfile()
    {
        if (!_isInProfile)
            return;

        _isInProfile = false;
        _json.WriteEndArray();
        _json.WriteStartArray("weights"u8);
        foreach (long weight in _weights)
            _json.WriteNumberValue(weight);

        _json.WriteEndArray();
        _json.WriteNumber("startValue"u8, 0);
        _json.WriteNumber(
            "endValue"u8,
            long.CreateSaturating(_weights.Aggregate(Int128.Zero, (sum, weight) => sum + weight))
        );
        _json.WriteEndObject();
        _weights.Clear();
    }
}
