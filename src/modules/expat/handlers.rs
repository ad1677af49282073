//! The attributes that hold the handlers.

use snakelet_macros::methods;
use snakelet_vm::{PyResult, Value, Vm};

use super::XmlParser;

pub const START_ELEMENT: usize = 0;
pub const END_ELEMENT: usize = 1;
pub const PROCESSING_INSTRUCTION: usize = 2;
pub const CHARACTER_DATA: usize = 3;
pub const UNPARSED_ENTITY_DECL: usize = 4;
pub const NOTATION_DECL: usize = 5;
pub const START_NAMESPACE_DECL: usize = 6;
pub const END_NAMESPACE_DECL: usize = 7;
pub const COMMENT: usize = 8;
pub const START_CDATA_SECTION: usize = 9;
pub const END_CDATA_SECTION: usize = 10;
pub const DEFAULT: usize = 11;
pub const DEFAULT_HANDLER_EXPAND: usize = 12;
pub const NOT_STANDALONE: usize = 13;
pub const EXTERNAL_ENTITY_REF: usize = 14;
pub const START_DOCTYPE_DECL: usize = 15;
pub const END_DOCTYPE_DECL: usize = 16;
pub const ENTITY_DECL: usize = 17;
pub const XML_DECL: usize = 18;
pub const ELEMENT_DECL: usize = 19;
pub const ATTLIST_DECL: usize = 20;
pub const SKIPPED_ENTITY: usize = 21;
/// How many there are.
pub const COUNT: usize = 22;

#[methods(block = HANDLERS)]
impl XmlParser {
    #[getter("StartElementHandler")]
    fn get_start_element(this: &XmlParser) -> Value {
        this.handler_value(START_ELEMENT)
    }

    #[setter("StartElementHandler")]
    fn set_start_element(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, START_ELEMENT, value)
    }

    #[getter("EndElementHandler")]
    fn get_end_element(this: &XmlParser) -> Value {
        this.handler_value(END_ELEMENT)
    }

    #[setter("EndElementHandler")]
    fn set_end_element(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, END_ELEMENT, value)
    }

    #[getter("ProcessingInstructionHandler")]
    fn get_processing_instruction(this: &XmlParser) -> Value {
        this.handler_value(PROCESSING_INSTRUCTION)
    }

    #[setter("ProcessingInstructionHandler")]
    fn set_processing_instruction(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, PROCESSING_INSTRUCTION, value)
    }

    #[getter("CharacterDataHandler")]
    fn get_character_data(this: &XmlParser) -> Value {
        this.handler_value(CHARACTER_DATA)
    }

    #[setter("CharacterDataHandler")]
    fn set_character_data(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, CHARACTER_DATA, value)
    }

    #[getter("UnparsedEntityDeclHandler")]
    fn get_unparsed_entity_decl(this: &XmlParser) -> Value {
        this.handler_value(UNPARSED_ENTITY_DECL)
    }

    #[setter("UnparsedEntityDeclHandler")]
    fn set_unparsed_entity_decl(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, UNPARSED_ENTITY_DECL, value)
    }

    #[getter("NotationDeclHandler")]
    fn get_notation_decl(this: &XmlParser) -> Value {
        this.handler_value(NOTATION_DECL)
    }

    #[setter("NotationDeclHandler")]
    fn set_notation_decl(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, NOTATION_DECL, value)
    }

    #[getter("StartNamespaceDeclHandler")]
    fn get_start_namespace_decl(this: &XmlParser) -> Value {
        this.handler_value(START_NAMESPACE_DECL)
    }

    #[setter("StartNamespaceDeclHandler")]
    fn set_start_namespace_decl(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, START_NAMESPACE_DECL, value)
    }

    #[getter("EndNamespaceDeclHandler")]
    fn get_end_namespace_decl(this: &XmlParser) -> Value {
        this.handler_value(END_NAMESPACE_DECL)
    }

    #[setter("EndNamespaceDeclHandler")]
    fn set_end_namespace_decl(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, END_NAMESPACE_DECL, value)
    }

    #[getter("CommentHandler")]
    fn get_comment(this: &XmlParser) -> Value {
        this.handler_value(COMMENT)
    }

    #[setter("CommentHandler")]
    fn set_comment(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, COMMENT, value)
    }

    #[getter("StartCdataSectionHandler")]
    fn get_start_cdata_section(this: &XmlParser) -> Value {
        this.handler_value(START_CDATA_SECTION)
    }

    #[setter("StartCdataSectionHandler")]
    fn set_start_cdata_section(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, START_CDATA_SECTION, value)
    }

    #[getter("EndCdataSectionHandler")]
    fn get_end_cdata_section(this: &XmlParser) -> Value {
        this.handler_value(END_CDATA_SECTION)
    }

    #[setter("EndCdataSectionHandler")]
    fn set_end_cdata_section(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, END_CDATA_SECTION, value)
    }

    #[getter("DefaultHandler")]
    fn get_default(this: &XmlParser) -> Value {
        this.handler_value(DEFAULT)
    }

    #[setter("DefaultHandler")]
    fn set_default(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, DEFAULT, value)
    }

    #[getter("DefaultHandlerExpand")]
    fn get_default_handler_expand(this: &XmlParser) -> Value {
        this.handler_value(DEFAULT_HANDLER_EXPAND)
    }

    #[setter("DefaultHandlerExpand")]
    fn set_default_handler_expand(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, DEFAULT_HANDLER_EXPAND, value)
    }

    #[getter("NotStandaloneHandler")]
    fn get_not_standalone(this: &XmlParser) -> Value {
        this.handler_value(NOT_STANDALONE)
    }

    #[setter("NotStandaloneHandler")]
    fn set_not_standalone(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, NOT_STANDALONE, value)
    }

    #[getter("ExternalEntityRefHandler")]
    fn get_external_entity_ref(this: &XmlParser) -> Value {
        this.handler_value(EXTERNAL_ENTITY_REF)
    }

    #[setter("ExternalEntityRefHandler")]
    fn set_external_entity_ref(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, EXTERNAL_ENTITY_REF, value)
    }

    #[getter("StartDoctypeDeclHandler")]
    fn get_start_doctype_decl(this: &XmlParser) -> Value {
        this.handler_value(START_DOCTYPE_DECL)
    }

    #[setter("StartDoctypeDeclHandler")]
    fn set_start_doctype_decl(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, START_DOCTYPE_DECL, value)
    }

    #[getter("EndDoctypeDeclHandler")]
    fn get_end_doctype_decl(this: &XmlParser) -> Value {
        this.handler_value(END_DOCTYPE_DECL)
    }

    #[setter("EndDoctypeDeclHandler")]
    fn set_end_doctype_decl(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, END_DOCTYPE_DECL, value)
    }

    #[getter("EntityDeclHandler")]
    fn get_entity_decl(this: &XmlParser) -> Value {
        this.handler_value(ENTITY_DECL)
    }

    #[setter("EntityDeclHandler")]
    fn set_entity_decl(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, ENTITY_DECL, value)
    }

    #[getter("XmlDeclHandler")]
    fn get_xml_decl(this: &XmlParser) -> Value {
        this.handler_value(XML_DECL)
    }

    #[setter("XmlDeclHandler")]
    fn set_xml_decl(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, XML_DECL, value)
    }

    #[getter("ElementDeclHandler")]
    fn get_element_decl(this: &XmlParser) -> Value {
        this.handler_value(ELEMENT_DECL)
    }

    #[setter("ElementDeclHandler")]
    fn set_element_decl(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, ELEMENT_DECL, value)
    }

    #[getter("AttlistDeclHandler")]
    fn get_attlist_decl(this: &XmlParser) -> Value {
        this.handler_value(ATTLIST_DECL)
    }

    #[setter("AttlistDeclHandler")]
    fn set_attlist_decl(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, ATTLIST_DECL, value)
    }

    #[getter("SkippedEntityHandler")]
    fn get_skipped_entity(this: &XmlParser) -> Value {
        this.handler_value(SKIPPED_ENTITY)
    }

    #[setter("SkippedEntityHandler")]
    fn set_skipped_entity(vm: &Vm, this: &XmlParser, value: Option<&Value>) -> PyResult<()> {
        this.set_handler(vm, SKIPPED_ENTITY, value)
    }
}
