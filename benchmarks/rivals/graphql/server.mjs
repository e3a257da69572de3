// @neo4j/graphql over graphql-yoga on the same database: node server.mjs PORT BOLT_URI USER PASSWORD
import { createServer } from "node:http";
import { Neo4jGraphQL } from "@neo4j/graphql";
import { createYoga } from "graphql-yoga";
import neo4j from "neo4j-driver";

const [port, uri, user, password] = process.argv.slice(2);
const typeDefs = /* GraphQL */ `
  type Supplier @node {
    utcs: String!
    name: String!
    partsSuppliedBy: [Part!]! @relationship(type: "SUPPLIED_BY", direction: IN)
  }
  type Part @node {
    utcs: String!
    name: String!
    number: String!
    revision: String
    status: String
    cage: String
    ataChapter: String @alias(property: "ata_chapter")
    massKg: Float @alias(property: "mass_kg")
    material: String
    category: String
    suppliedBy: [Supplier!]! @relationship(type: "SUPPLIED_BY", direction: OUT)
    hasComponent: [Part!]! @relationship(type: "HAS_COMPONENT", direction: OUT)
  }
`;

const driver = neo4j.driver(uri, neo4j.auth.basic(user, password), { disableLosslessIntegers: true });
const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
createServer(createYoga({ schema, logging: false })).listen(Number(port), "127.0.0.1");
