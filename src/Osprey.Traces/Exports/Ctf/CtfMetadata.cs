using System.Text;
using Osprey.Traces.Formatting;
using Osprey.Traces.Model;

namespace Osprey.Traces.Exports.Ctf;

/// <summary>
/// Composes the metadata of a CTF trace, in the TSDL language of CTF 1.8 (https://diamon.org/ctf/v1.8.3/).
/// </summary>
/// <remarks>
/// Every field is a whole number of bytes and none is aligned, so that an event is its fields, one behind the other.
/// </remarks>
internal static class CtfMetadata
{
    /// <summary>The number that packets begin with.</summary>
    public const uint Magic = 0xc1fc1fc1;

    private const string Head = """
        /* CTF 1.8 */
        typealias integer { size = 8; align = 8; signed = false; byte_order = le; } := u8;
        typealias integer { size = 16; align = 8; signed = false; byte_order = le; } := u16;
        typealias integer { size = 32; align = 8; signed = false; byte_order = le; } := u32;
        typealias integer { size = 64; align = 8; signed = false; byte_order = le; } := u64;
        typealias integer { size = 64; align = 8; signed = false; byte_order = le; base = 16; } := x64;
        typealias integer { size = 8; align = 8; signed = true; byte_order = le; } := s8;
        typealias integer { size = 16; align = 8; signed = true; byte_order = le; } := s16;
        typealias integer { size = 32; align = 8; signed = true; byte_order = le; } := s32;
        typealias integer { size = 64; align = 8; signed = true; byte_order = le; } := s64;
        typealias floating_point { exp_dig = 8; mant_dig = 24; align = 8; byte_order = le; } := f32;
        typealias floating_point { exp_dig = 11; mant_dig = 53; align = 8; byte_order = le; } := f64;
        trace {
            major = 1;
            minor = 8;
            byte_order = le;
            packet.header := struct { u32 magic; u32 stream_id; };
        };
        env { domain = "guest"; tracer_name = "osprey"; };
        clock { name = guest; description = "nanoseconds since the guest booted"; freq = 1000000000; offset = 0; };
        typealias integer {
            size = 64; align = 8; signed = false; byte_order = le; map = clock.guest.value;
        } := time;
        stream {
            id = 0;
            packet.context := struct {
                u64 content_size; u64 packet_size; time timestamp_begin; time timestamp_end;
            };
            event.header := struct { u32 id; time timestamp; };
            event.context := struct {
                s32 _cpu_id; x64 _thread; string _thread_name; u16 _stack_length; x64 _stack[_stack_length];
            };
        };

        """;

    /// <summary>Composes the whole text.</summary>
    /// <param name="tracepoints">The tracepoints that occur; events have their indexes.</param>
    public static string Compose(IEnumerable<Tracepoint> tracepoints)
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (Tracepoint tracepoint in tracepoints)
        {
            text.Append($"event {{\n    id = {tracepoint.Index};\n    name = \"{Escape(tracepoint.Name)}\";\n");
            text.Append("    stream_id = 0;\n    fields := struct {");
            string[] names = ArgumentNames.Of(tracepoint);
            for (int i = 0; i < names.Length; i++)
                text.Append($" {Declare(tracepoint.Layout!.Fields[i].Type, "_" + names[i])}");

            text.Append(" };\n};\n");
        }

        return text.ToString();
    }

    private static string Declare(ArgumentType type, string name) =>
        type switch
        {
            ArgumentType.SByte => $"s8 {name};",
            ArgumentType.Byte or ArgumentType.Boolean => $"u8 {name};",
            ArgumentType.Int16 => $"s16 {name};",
            ArgumentType.UInt16 => $"u16 {name};",
            ArgumentType.Int32 => $"s32 {name};",
            ArgumentType.UInt32 => $"u32 {name};",
            ArgumentType.Int64 => $"s64 {name};",
            ArgumentType.UInt64 => $"u64 {name};",
            ArgumentType.Pointer => $"x64 {name};",
            ArgumentType.Single => $"f32 {name};",
            ArgumentType.Double => $"f64 {name};",
            ArgumentType.Blob => $"u16 {name}_length; u8 {name}[{name}_length];",
            _ => $"string {name};",
        };

    private static string Escape(string name)
    {
        var escaped = new StringBuilder();
        foreach (char character in name)
        {
            if (character is '"' or '\\')
                escaped.Append('\\').Append(character);
            else
                escaped.Append(char.IsControl(character) ? ' ' : character);
        }

        return escaped.ToString();
    }
}
