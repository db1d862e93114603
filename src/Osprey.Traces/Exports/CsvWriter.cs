namespace Osprey.Traces.Exports;

/// <summary>Writes records as comma-separated values of RFC 4180, in UTF-8 without a byte order mark.</summary>
/// <remarks>
/// Records end in CR LF. Fields are quoted where they must be. The stream stays open; <see cref="Flush"/> when done.
/// </remarks>
internal sealed class CsvWriter(Stream output)
{
    private readonly TextOutput _text = new(output);
    private int _fieldCount;
    private bool _isEmpty;

    /// <summary>Adds a text to the record.</summary>
    public void Write(ReadOnlySpan<char> field)
    {
        StartField(field.IsEmpty);
        if (field.IndexOfAny(",\"\r\n") < 0)
        {
            _text.Write(field);
            return;
        }

        _text.Write((byte)'"');
        for (int quote = field.IndexOf('"'); quote >= 0; quote = field.IndexOf('"'))
        {
            _text.Write(field[..(quote + 1)]);
            _text.Write((byte)'"');
            field = field[(quote + 1)..];
        }

        _text.Write(field);
        _text.Write((byte)'"');
    }

    /// <summary>Adds a whole number to the record.</summary>
    public void Write(long field)
    {
        StartField(isEmpty: false);
        _text.Write(field);
    }

    /// <summary>Adds a number to the record: the shortest text that reads back as the same.</summary>
    public void Write(double field)
    {
        StartField(isEmpty: false);
        _text.Write(field);
    }

    /// <summary>Ends the record.</summary>
    public void EndRecord()
    {
        if (_fieldCount == 1 && _isEmpty)
            _text.Write("\"\""u8); // or it would be a blank line, which readers skip

        _text.Write("\r\n"u8);
        _text.EndLine();
        _fieldCount = 0;
    }

    /// <summary>Writes a whole record of texts.</summary>
    public void WriteRecord(params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields)
            Write(field);

        EndRecord();
    }

    /// <summary>Hands all that was written to the stream.</summary>
    public void Flush() => _text.Flush();

    private void StartField(bool isEmpty)
    {
        if (_fieldCount++ != 0)
            _text.Write((byte)',');

        _isEmpty = isEmpty;
    }
}
